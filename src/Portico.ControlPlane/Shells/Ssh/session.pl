#!/usr/bin/perl
# The command that sshd runs for every client: carries the bytes of its session to and from the server, which decides what runs.
# It runs in the sandbox of sshd, with none of Portico's rights. Arguments: the ids of the key that the client has used.
# The frames are those of SshFrames.
use strict;
use warnings;
use IO::Handle;
use IO::Socket::UNIX;
use POSIX qw(EAGAIN EINTR);

sub text { my $text = $_[0]; $text =~ s/([^A-Za-z0-9 .,_+=\/-])/sprintf '\\u%04x', ord $1/ge; return "\"$text\"" }

sub size {
    my $size = pack 'S4', 24, 80, 0, 0;
    ioctl(STDIN, 0x5413, $size);
    my ($rows, $columns) = unpack 'S4', $size;
    return ($columns || 80, $rows || 24);
}

# A command is UTF-8, and JSON names its characters.
sub decoded { my $text = $_[0]; utf8::decode($text); return $text }

my $server = IO::Socket::UNIX->new(Peer => '/run/ssh/socket') or do { print STDERR "Portico is restarting. Try again in a moment.\r\n"; exit 255 };
my $terminal = -t STDIN;
my ($columns, $rows) = size();
my $line = $ENV{SSH_ORIGINAL_COMMAND};
my $hello = sprintf '{"keys":[%s],"name":%s,"line":%s,"terminal":%s}', join(',', map { text($_) } @ARGV), text($ENV{USER}), defined $line && length $line ? text(decoded($line)) : 'null',
    $terminal ? sprintf('{"kind":%s,"columns":%d,"rows":%d}', text($ENV{TERM} || 'xterm'), $columns, $rows) : 'null';
system '/bin/stty', 'raw', '-echo' if $terminal;
$SIG{PIPE} = 'IGNORE';
pipe(my $resized, my $resize);
$_->blocking(0) for $resized, $resize;
$SIG{WINCH} = sub { syswrite $resize, '.' };
my ($to_server, $from_server) = (pack('CN', 7, length $hello) . $hello, '');
my @pending = ('', '', '');
my ($input, $status) = (1, 255);
while (1) {
    my ($reads, $writes) = ('', '');
    vec($reads, fileno STDIN, 1) = 1 if $input && length $to_server < 65536;
    vec($reads, fileno $server, 1) = 1 if length($pending[1]) + length($pending[2]) < 65536;
    vec($reads, fileno $resized, 1) = 1;
    vec($writes, fileno $server, 1) = 1 if length $to_server;
    vec($writes, 1, 1) = 1 if length $pending[1];
    vec($writes, 2, 1) = 1 if length $pending[2];
    next if select($reads, $writes, undef, undef) < 0;
    if (vec($reads, fileno $resized, 1)) {
        sysread $resized, my $discarded, 100;
        $to_server .= pack 'CNnn', 4, 4, size();
    }
    if (vec($reads, fileno STDIN, 1)) {
        my $count = sysread STDIN, my $bytes, 32768;
        if ($count) { $to_server .= pack('CN', 0, $count) . $bytes }
        elsif (defined $count || $! != EINTR) { $input = 0; $to_server .= pack 'CN', 1, 0 }
    }
    if (vec($writes, fileno $server, 1)) {
        my $count = syswrite $server, $to_server;
        last if !defined $count && $! != EINTR && $! != EAGAIN;
        substr($to_server, 0, $count) = '' if $count;
    }
    if (vec($reads, fileno $server, 1)) {
        my $count = sysread $server, $from_server, 32768, length $from_server;
        last if defined $count ? $count == 0 : $! != EINTR;
        while (length $from_server >= 5) {
            my ($kind, $length) = unpack 'CN', $from_server;
            last if length $from_server < 5 + $length;
            my $content = substr $from_server, 5, $length;
            substr($from_server, 0, 5 + $length) = '';
            $pending[$kind] .= $content if $kind == 1 || $kind == 2;
            $status = unpack 'C', $content if $kind == 3;
        }
    }
    for my $descriptor (1, 2) {
        next unless vec($writes, $descriptor, 1);
        my $count = syswrite $descriptor == 1 ? *STDOUT : *STDERR, $pending[$descriptor], 4096;
        exit 255 if !defined $count && $! != EINTR && $! != EAGAIN;
        substr($pending[$descriptor], 0, $count) = '' if $count;
    }
}
syswrite STDOUT, $pending[1];
syswrite STDERR, $pending[2];
exit $status;
