# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Scripts for kvsh: words, errors with their places, and where a script stops
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

# refused NAME STATUS TEXT MESSAGE: test that the script TEXT fails and prints exactly MESSAGE on stderr
refused() {
	t "$1" "$2" '' script "$3"
	says_exactly "$1: the message" "$4"
}

# Words
t 'a script puts and gets'            0 1       script 'put a 1\nget a\n'
t 'the last line may lack a newline'  0 1       script 'get a'
t 'an empty script succeeds'          0 ''      script ''
t 'comments and empty lines are ignored' 0 1    script '# first\n\n  \t\n  # more\nget a # and here\n'
t '# inside a word does not start a comment' 0 'x#y' script 'put b x#y\nget b\n'
t 'words may be quoted'               0 "it's \"so\"" script 'put b "it'"'"'s \\"so\\""\nget b\n'
t 'single quotes keep all characters' 0 'a\nb"' script "put b 'a\\\\nb\"'\nget b\n"
t 'quoted and unquoted parts form one word' 0 'abc d' script "put b a'b'\"c d\"\nget b\n"
t 'an empty word is a word'           0 ''      script "put b ''\nget b\n"
t 'escapes with a backslash'          0 "$(printf 'a\tb\\c"d#e f')" script 'put b a\\tb\\\\c\\"d\\#e\\ f\nget b\n'
t '\x stands for a byte'              0 3       sh -c 'printf "put b \"\\\\x00\\\\xff\\\\x41\"\n" | kvsh && kvsh get --raw b | wc -c'
t 'a line may continue after a backslash' 0 '1  2' script 'put \\\n  b "1 \\\n 2"\nget b\n'
t 'a carriage return at the end of a line is ignored' 0 1 script 'get a\r\n'
t 'a byte order mark is skipped'      0 1       script '\357\273\277get a\n'
t 'a quoted - is a value'             0 -       script "put b '-'\nget b\n"
all_bytes >all
printf 'put all "%s"\n' "$(od -An -v -tx1 all | tr -d '\n' | sed 's/ /\\x/g')" >all.kv
t 'all bytes can be written as \x in quotes' 0 '' sh -c 'kvsh -f all.kv && kvsh get --raw all | cmp - all'
printf 'put all2 "%s"\n' "$(kvsh list --values all)" >all.kv
t 'all bytes can be copied from list in quotes' 0 '' sh -c 'kvsh -f all.kv && kvsh get --raw all2 | cmp - all'

# Errors and their places
refused 'a missing key' 3 'get a.b\n\n   get  nothing # here\nput c 1\n' \
'<stdin>:1:5: get a.b: no such key
  get a.b
      ^'
t 'the script stops there'            3 ''      kvsh get c
refused 'an unknown command' 2 '\tfrobnicate x\n' \
'<stdin>:1:2: unknown command "frobnicate"; "help" lists the commands
  	frobnicate x
  	^'
refused 'an open quote' 2 'put c "abc\n' \
'<stdin>:1:7: this " is not closed before the end of the line
  put c "abc
        ^'
refused 'an error in a continued line' 3 'get \\\n   nothing\n' \
'<stdin>:2:4: get nothing: no such key
     nothing
     ^'
t 'an unknown escape'                 2 ''      script 'put c a\\qb\n'
says 'the message has its place'      '^<stdin>:1:8: '
t 'half an \x'                        2 ''      script 'put c "\\x4"\n'
says 'the message has its place'      '^<stdin>:1:8: '
t 'a NUL byte in a script'            2 ''      script 'put c a\000b\n'
says 'the message has its place'      '^<stdin>:1:8: '
t 'a key with a NUL'                  2 ''      script 'put "c\\x00d" 1\n'
t 'the key is not truncated at the NUL' 3 ''    kvsh get c
t 'an unknown option'                 2 ''      script 'put --frob c 1\n'
says 'the message has its place'      '^<stdin>:1:5: '
t 'a value that is too long'          7 ''      script "put c $(printf %01025d 0)\n"
says 'the message has its place'      '^<stdin>:1:7: '
t 'an error from the kernel'          5 ''      su -s /bin/sh nobody -c 'echo put c 1 | kvsh'
says 'the message has the place'      '^<stdin>:1:[15]: .*not permitted'
t 'put KEY - in a script on stdin'    2 ''      script 'put c -\nget a\n'
says 'the message has the place'      '^<stdin>:1:7: '

# Where it stops
t '--keep-going continues after errors' 3 1     script 'get nothing\nfrob\nget a\n' --keep-going
t '--keep-going exits with the status of the first error' 2 1 script 'frob\nget nothing\nget a\n' -k
t 'quit ends a script'                0 1       script 'get a\nquit\nget nothing\n'
t 'a script prints no prompt and no greeting' 0 '' script 'put a 1\n'
result 'nothing on stderr' "$([ -z "$stderr" ] && echo yes)"

# Files
printf 'put f 1\nget f\nget nothing\n' >file
t '-f runs a file'                    3 1       kvsh -f file
says 'its errors have the name of the file' '^file:3:5: get nothing: no such key'
t '-f - reads stdin'                  0 1       sh -c 'echo get f | kvsh -f -'
t 'put KEY - in a script from a file reads stdin' 0 stdin sh -c 'printf "put f -\nget f\n" >g; printf stdin | kvsh -f g'
t '-f of a missing file'              1 ''      kvsh -f nowhere
says 'the message has the reason'     'nowhere: No such file'
t '-f of a folder'                    1 ''      kvsh -f /
says 'the message has the reason'     'Is a directory'
t '-f and a command'                  2 ''      kvsh -f file get f
t '-f without a file'                 2 ''      kvsh -f
t 'a closed stdin'                    1 ''      sh -c 'kvsh <&-'
t 'a script writes no history'        0 ''      find /root -name history
finish
