#!/usr/bin/perl
# Runs a command in the sandbox of a workload that is running, and carries its input and output.
#
#   outer       engine's rights    waits, then ends everything that the command has left
#     relay     account's rights   in the namespaces of the workload, but not among its processes: carries bytes, holds the terminal
#       command account's rights   a process of the workload, with its limits, its filter for system calls and no capabilities
#
# Nothing of the workload's files is opened or run before the engine's rights are gone, and no program of them runs before the rights
# that the account has in its own namespaces are gone too. The relay needs no program of the sandbox, and is not visible in it.
#
# Standard input and output carry frames: one byte for the kind, four for the length, then the content.
#   from the engine   0 input   1 end of input   4 size of the terminal (columns and rows, two bytes each)
#   to the engine     1 output   2 error output   3 exit status (one byte)   5 why it could not start   6 nothing (is the engine there?)
# When standard input ends, so does the command: the engine closes it with the connection, and the kernel with the engine.
#
# Arguments: directories of control groups, --, command. Settings are __portico_ variables.
# Perl is used because system calls are needed for which there is no program, and because every Debian and Ubuntu has it.
use strict;
use warnings;
use IO::Handle;
use POSIX qw(EAGAIN EINTR WNOHANG);

use constant { MOST => 1 << 16, PIECE => 1 << 15 };
use constant { OF_USER => 0xB701, UNLOCK => 0x40045431, PEER => 0x5441, SET_SIZE => 0x5414, CONTROL => 0x540E };
my ($prctl, $setns, $capset, $setgroups, $setresgid, $setresuid, $prlimit) = split / /, $ENV{__portico_calls};

sub setting { my $value = $ENV{"__portico_$_[0]"}; return defined $value && length $value ? $value : undef }
sub failed { send_frame(5, "$_[0]: $!\n"); POSIX::_exit(126) }
sub call { my ($what, @arguments) = @_; syscall($arguments[0], @arguments[1 .. $#arguments]) >= 0 or failed($what) }

sub send_frame {
    my $frame = pack('CN', $_[0], length $_[1]) . $_[1];
    while (length $frame) {
        my $count = syswrite(STDOUT, $frame);
        substr($frame, 0, $count) = '' if defined $count;
        return if !defined $count && $! != EINTR && $! != EAGAIN;
        vec(my $writes = '', fileno STDOUT, 1) = 1;
        select undef, $writes, undef, 1 if !defined $count && $! == EAGAIN;
    }
}

$SIG{PIPE} = 'IGNORE';
binmode STDIN;
binmode STDOUT;
# What whoever started the engine has left open is no business of a workload.
for my $descriptor (map { m{(\d+)$} } glob '/proc/self/fd/*') {
    POSIX::close($descriptor) if $descriptor > 2;
}
my @groups;
push @groups, shift @ARGV while @ARGV && $ARGV[0] ne '--';
shift @ARGV;

# Read here, because the sandbox does not show it.
my $filter;
if (my $path = setting('filter')) {
    open(my $file, '<:raw', $path) or failed('The filter for system calls');
    local $/;
    $filter = <$file>;
}

# A namespace that is the engine's own too needs no joining, and without root could not be joined.
my %spaces;
my $pid = setting('pid');
if ($pid) {
    for my $kind (qw(net user mnt pid ipc uts cgroup)) {
        my @own = stat "/proc/self/ns/$kind";
        open(my $space, '<', "/proc/$pid/ns/$kind") or (@own ? failed('The sandbox has ended') : next);
        my @other = stat $space;
        $spaces{$kind} = $space if "@own[0, 1]" ne "@other[0, 1]";
    }
    # The process still has this id, so all of these are its own.
    start_of($pid) eq setting('started') or failed('The sandbox has ended');
}

my $sandboxed = $spaces{user};
my $relay = fork;
defined $relay or failed('A process could not be created');
if ($relay == 0) {
    relay();
    POSIX::_exit(0);
}
open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
waitpid $relay, 0;
leave_nothing();
POSIX::_exit(0);

# Ends what the command started and left, and with it a sandbox that exists for it alone.
sub leave_nothing {
    kill 'KILL', $pid if setting('hold') && start_of($pid) eq setting('started');
    my $group = setting('group');
    for (1 .. 500) {
        my @left = $group ? members($group) : marked();
        last unless @left;
        kill 'KILL', @left;
        select undef, undef, undef, 0.02;
    }
    rmdir $group if $group;
}

# When a process was started, which no other process with its id was; empty if it has ended.
sub start_of {
    open(my $file, '<', "/proc/$_[0]/stat") or return '';
    my $line = <$file>;
    return '' unless defined $line;
    my @fields = split / /, ($line =~ s/.*\) //sr);
    return $fields[19];
}

sub members {
    open(my $file, '<', "$_[0]/cgroup.procs") or return ();
    chomp(my @pids = <$file>);
    return grep { $_ > 0 } @pids;
}

sub marked {
    my $mark = 'PORTICO_ATTACHED=' . setting('mark');
    return grep {
        my $found = 0;
        if (open(my $file, '<', "/proc/$_/environ")) {
            local $/;
            my $variables = <$file>;
            $found = defined $variables && grep { $_ eq $mark } split /\0/, $variables;
        }
        $found;
    } map { m{/proc/(\d+)$} } glob '/proc/[0-9]*';
}

sub relay {
    for my $group (@groups) {
        open(my $file, '>', "$group/cgroup.procs") or failed("Its limits ($group)");
        syswrite($file, $$) or failed("Its limits ($group)");
    }
    # While the engine's rights are there: nobody among the workload's processes may look into this one, whatever it becomes.
    call('Its memory', $prctl, 4, 0, 0, 0, 0);
    join_spaces(qw(net));
    # Without a sandbox there may be one for a disk, which belongs to the engine and shows the machine's files.
    join_spaces(qw(mnt)) unless $spaces{user};
    forget_rights();
    my ($user, $group) = (setting('user'), setting('account_group'));
    if (defined $user) {
        call('Its account', $setgroups, 0, 0);
        call('Its account', $setresgid, $group + 0, $group + 0, $group + 0);
        call('Its account', $setresuid, $user + 0, $user + 0, $user + 0);
    }
    call('No new rights', $prctl, 38, 1, 0, 0, 0);
    call('No memory dumps', $prlimit, 0, 4, pack('QQ', 0, 0), 0);
    join_sandbox() if $spaces{user};
    chdir setting('directory') or failed('Its directory');
    forget_rights();
    my ($header, $none) = (pack('LL', 0x20080522, 0), "\0" x 24);
    call('Its rights', $capset, $header, $none);
    call('Its memory', $prctl, 4, 0, 0, 0, 0);
    %spaces = ();
    $sandboxed &&= 1;
    exchange();
}

sub join_spaces {
    for my $kind (@_) {
        call("Its namespace ($kind)", $setns, fileno $spaces{$kind}, 0) if $spaces{$kind};
    }
}

# The namespaces of a sandbox belong to one of users, in which its account has all rights. Its processes are in another one below it.
sub join_sandbox {
    my $descriptor = ioctl($spaces{mnt}, OF_USER, 0) or failed('The owner of its namespaces');
    open(my $owner, '<&=', $descriptor + 0) or failed('The owner of its namespaces');
    my (@one, @other);
    @one = stat $owner;
    @other = stat $spaces{user};
    call('The owner of its namespaces', $setns, fileno $owner, 0);
    join_spaces(qw(cgroup ipc uts pid mnt));
    join_spaces(qw(user)) if "@one[0, 1]" ne "@other[0, 1]";
}

# Also what a program could give back.
sub forget_rights {
    for my $right (0 .. 63) {
        last if syscall($prctl, 24, $right, 0, 0, 0) < 0;
    }
}

# Returns the terminal, and the end of it that the command gets.
sub terminal {
    # In a sandbox, its account could replace the other one.
    my $path = $sandboxed ? '/dev/pts/ptmx' : '/dev/ptmx';
    sysopen(my $terminal, $path, POSIX::O_RDWR() | POSIX::O_NOCTTY() | POSIX::O_NONBLOCK()) or failed('A terminal could not be created');
    my $zero = pack('i', 0);
    ioctl($terminal, UNLOCK, $zero) or failed('A terminal could not be created');
    ioctl($terminal, SET_SIZE, pack('S4', (split / /, setting('terminal'))[1, 0], 0, 0));
    my $descriptor = ioctl($terminal, PEER, POSIX::O_RDWR() | POSIX::O_NOCTTY()) or failed('A terminal could not be created');
    open(my $end, '+<&=', $descriptor + 0) or failed('A terminal could not be created');
    return ($terminal, $end);
}

sub exchange {
    my ($input, %outputs, @ends);
    if (setting('terminal')) {
        my ($terminal, $end) = terminal();
        ($input, @ends) = ($terminal, $end, $end, $end);
        $outputs{fileno $terminal} = [$terminal, 1];
    } else {
        for my $kind (0 .. 2) {
            pipe(my $read, my $write) or failed('A pipe could not be created');
            push @ends, $kind ? $write : $read;
            $input = $write unless $kind;
            $outputs{fileno $read} = [$read, $kind] if $kind;
        }
    }
    pipe(my $ended, my $end) or failed('A pipe could not be created');
    $SIG{CHLD} = sub { syswrite $end, '.' };
    my $child = fork;
    defined $child or failed('A process could not be created');
    command(@ends) if $child == 0;
    undef $_ for @ends;
    $_->blocking(0) for \*STDIN, \*STDOUT, $input, map { $_->[0] } values %outputs;
    carry($child, $input, \%outputs, $ended);
}

sub command {
    my @ends = @_;
    $SIG{CHLD} = $SIG{PIPE} = 'DEFAULT';
    POSIX::setsid();
    POSIX::dup2(fileno $ends[$_], $_) // failed('Its input and output') for 0 .. 2;
    ioctl(STDIN, CONTROL, 0) if setting('terminal');
    my %variables;
    for my $number (0 .. setting('count') - 1) {
        my ($name, $value) = split /=/, $ENV{"__portico_env_$number"}, 2;
        $variables{$name} = $value;
    }
    my $program = $filter && pack('SxxxxxxP', length($filter) / 8, $filter);
    %ENV = %variables;
    if ($program && syscall($prctl, 22, 2, $program, 0, 0) < 0) {
        print STDERR "The filter for system calls could not be applied.\n";
        POSIX::_exit(126);
    }
    no warnings 'exec';
    exec { $ARGV[0] } @ARGV or print STDERR "$ARGV[0]: $!\n";
    POSIX::_exit(127);
}

sub carry {
    my ($child, $input, $outputs, $ended) = @_;
    my ($received, $sent, $pending, $closing, $status) = ('', '', '', 0, undef);
    until (defined $status) {
        my ($reads, $writes) = ('', '');
        my $full = length $pending >= MOST;
        vec($reads, fileno STDIN, 1) = 1 unless $full;
        vec($reads, fileno $ended, 1) = 1;
        if (length $sent < MOST) {
            vec($reads, $_, 1) = 1 for keys %$outputs;
        }
        vec($writes, fileno STDOUT, 1) = 1 if length $sent;
        vec($writes, fileno $input, 1) = 1 if $input && length $pending;
        my $ready = select $reads, $writes, undef, $full ? 1 : undef;
        next if $ready < 0;
        # Standard input is not read now, so its end would not be seen.
        $sent .= pack('CN', 6, 0) if $ready == 0 && $full && !length $sent;
        if (vec($reads, fileno STDIN, 1)) {
            my $count = sysread STDIN, $received, PIECE, length $received;
            return hang_up($child) if defined $count ? $count == 0 : !again();
            while (length $received >= 5) {
                my ($kind, $length) = unpack 'CN', $received;
                last if length $received < 5 + $length;
                my $content = substr $received, 5, $length;
                substr($received, 0, 5 + $length) = '';
                $pending .= $content if $kind == 0 && $input;
                $closing = 1 if $kind == 1;
                ioctl($input, SET_SIZE, pack('S4', (unpack 'nn', $content)[1, 0], 0, 0)) if $kind == 4 && $length == 4 && $input && setting('terminal');
            }
        }
        if ($input && length $pending && vec($writes, fileno $input, 1)) {
            my $count = syswrite $input, $pending;
            if (defined $count) { substr($pending, 0, $count) = '' }
            elsif (!again()) { $pending = ''; $closing = 1 }
        }
        if ($closing && $input && !length $pending && !setting('terminal')) {
            close $input;
            undef $input;
        }
        collect($outputs, \$sent, $reads);
        if (length $sent && vec($writes, fileno STDOUT, 1)) {
            my $count = syswrite STDOUT, $sent;
            return hang_up($child) if !defined $count && !again();
            substr($sent, 0, $count) = '' if defined $count;
        }
        if (vec($reads, fileno $ended, 1) && waitpid($child, WNOHANG) == $child) {
            $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
        }
    }
    # What the command has written is still there. Processes that it left may write for ever, and are not waited for.
    my $left = '';
    for (1 .. MOST) {
        my ($before, $reads) = (length $left, '');
        vec($reads, $_, 1) = 1 for keys %$outputs;
        collect($outputs, \$left, $reads);
        last if length $left == $before || length $left > 1 << 22;
    }
    $_->blocking(1) for \*STDOUT;
    syswrite_all($sent . $left) and send_frame(3, pack 'C', $status);
}

sub again { return $! == EAGAIN || $! == EINTR }

sub collect {
    my ($outputs, $sent, $reads) = @_;
    for my $descriptor (keys %$outputs) {
        next unless vec($reads, $descriptor, 1);
        my ($handle, $kind) = @{ $outputs->{$descriptor} };
        my $count = sysread $handle, my $bytes, PIECE;
        if ($count) { $$sent .= pack('CN', $kind, $count) . $bytes }
        elsif (defined $count || !again()) { delete $outputs->{$descriptor} }
    }
}

sub syswrite_all {
    my $bytes = $_[0];
    while (length $bytes) {
        my $count = syswrite STDOUT, $bytes;
        return 0 if !defined $count && $! != EINTR;
        substr($bytes, 0, $count) = '' if defined $count;
    }
    return 1;
}

# Programs get a moment to save their work.
sub hang_up {
    my $child = $_[0];
    kill 'HUP', -$child;
    for (1 .. 50) {
        last if waitpid($child, WNOHANG) == $child;
        select undef, undef, undef, 0.02;
    }
}
