using System.Buffers.Binary;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Tests;

/// <summary>Runs the filter for system calls in a small interpreter, for both kinds of processors.</summary>
public sealed class SeccompFilterTests
{
    private const uint Allowed = 0x7FFF0000, Killed = 0x80000000, NotPermitted = 0x50001, NotImplemented = 0x50026, NoFamily = 0x50061;

    [Theory]
    [InlineData(0u, Allowed)] // read
    [InlineData(59u, Allowed)] // execve
    [InlineData(165u, NotPermitted)] // mount
    [InlineData(321u, NotPermitted)] // bpf
    [InlineData(435u, NotImplemented)] // clone3
    [InlineData(0x40000000u, NotImplemented)] // read of x32
    [InlineData(467u, NotPermitted)] // open_tree_attr, the last of the list
    public void Calls_of_x86_64_are_decided_by_number(uint call, uint expected) => Assert.Equal(expected, Run(SystemCalls.X64, call));

    [Theory]
    [InlineData(63u, Allowed)] // read
    [InlineData(40u, NotPermitted)] // mount
    [InlineData(280u, NotPermitted)] // bpf
    [InlineData(435u, NotImplemented)] // clone3
    public void Calls_of_arm64_are_decided_by_number(uint call, uint expected) => Assert.Equal(expected, Run(SystemCalls.Arm64, call));

    [Theory]
    [InlineData(56u, 0x11u, Allowed)] // fork
    [InlineData(56u, 0x3D0F00u, Allowed)] // a thread
    [InlineData(56u, 0x10000011u, NotPermitted)] // a user namespace
    [InlineData(272u, 0x400u, Allowed)] // unshare of files
    [InlineData(272u, 0x20000u, NotPermitted)] // unshare of mounts
    [InlineData(272u, 0x80u, NotPermitted)] // unshare of the time
    [InlineData(41u, 2u, Allowed)] // an IPv4 socket
    [InlineData(41u, 17u, NoFamily)] // a packet socket
    [InlineData(41u, 38u, NoFamily)] // a crypto socket
    [InlineData(135u, 0u, Allowed)]
    [InlineData(135u, 0x40000u, NotPermitted)] // no random addresses
    public void First_argument_decides(uint call, uint argument, uint expected) => Assert.Equal(expected, Run(SystemCalls.X64, call, argument));

    [Theory]
    [InlineData(0x5401u, Allowed)] // TCGETS
    [InlineData(0x5412u, NotPermitted)] // TIOCSTI
    public void Second_argument_of_ioctl_decides(uint request, uint expected) => Assert.Equal(expected, Run(SystemCalls.X64, 16, 0, request));

    [Fact]
    public void Process_of_another_architecture_is_ended() => Assert.Equal(Killed, Run(SystemCalls.X64 with { Architecture = 0x40000003 }, 0, filterOf: SystemCalls.X64));

    private static uint Run(SystemCalls calls, uint number, uint first = 0, uint second = 0, SystemCalls? filterOf = null)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), calls.Architecture);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(16), first);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(24), second);
        var program = SeccompFilter.For(filterOf ?? calls);
        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = program.AsSpan(at * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)value));
                    break;
                case 0x06:
                    return value;
                case var jump:
                    var holds = jump switch { 0x15 => accumulator == value, 0x35 => accumulator >= value, 0x45 => (accumulator & value) != 0, _ => throw new InvalidOperationException($"{jump:x}") };
                    at += holds ? instruction[2] : instruction[3];
                    break;
            }
        }
    }
}
