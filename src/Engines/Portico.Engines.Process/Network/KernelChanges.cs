using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Network;

/// <summary>Reports when packet rules, devices, addresses, routes or forwarding of the machine have changed, as the kernel tells it.</summary>
/// <remarks>A kernel that does not tell leaves only the checks from time to time.</remarks>
internal sealed unsafe partial class KernelChanges : IDisposable
{
    private const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, RouteProtocol = 0, FilterProtocol = 12;
    private const uint Links = 1, Addresses = 1 << 4, Routes = 1 << 6, Configuration = 1 << 23, Rules = 1 << 6;
    private const int BufferSize = 64 * 1024, HeaderSize = 16, NoLimit = -1;

    /// <summary>Messages that concern the checks: something was removed, or its configuration changed.</summary>
    private const ushort LinkRemoved = 17, AddressRemoved = 21, RouteRemoved = 25, ConfigurationChanged = 80;

    private readonly int _route = Open(RouteProtocol, Links | Addresses | Routes | Configuration), _filter = Open(FilterProtocol, Rules);
    private readonly Action _changed;
    private readonly Thread _reader;
    private readonly int _stopRead, _stopWrite;

    /// <param name="changed">Called from a thread of its own; must return at once.</param>
    public KernelChanges(Action changed)
    {
        _changed = changed;
        var pipe = stackalloc int[2];
        if (Libc.Pipe(pipe, CloseOnExec) != 0)
            throw new IOException("Cannot create a pipe.");
        (_stopRead, _stopWrite) = (pipe[0], pipe[1]);
        _reader = new Thread(Read) { IsBackground = true, Name = "network changes" };
        _reader.Start();
    }

    public void Dispose()
    {
        _ = Libc.Close(_stopWrite);
        _reader.Join();
        foreach (var descriptor in (int[])[_route, _filter, _stopRead])
            if (descriptor >= 0)
                _ = Libc.Close(descriptor);
    }

    private void Read()
    {
        var buffer = (byte*)NativeMemory.Alloc(BufferSize);
        var watched = stackalloc Libc.PollDescriptor[] { Reading(_route), Reading(_filter), Reading(_stopRead) };
        // A descriptor that could not be opened is negative, and ignored.
        while (Libc.Poll(watched, 3, NoLimit) < 0 || watched[2].Returned == 0)
        {
            var changed = watched[1].Returned != 0 && Receive(_filter, buffer) != 0;
            if (watched[0].Returned != 0)
                changed |= Concerns(buffer, Receive(_route, buffer));
            if (changed)
                _changed();
        }
        NativeMemory.Free(buffer);
    }

    private static Libc.PollDescriptor Reading(int descriptor) => new() { Descriptor = descriptor, Events = Libc.PollIn };

    private static long Receive(int socket, byte* buffer) => Libc.Read(socket, buffer, BufferSize);

    /// <param name="length">Negative if messages were lost because there were too many.</param>
    private static bool Concerns(byte* buffer, long length)
    {
        if (length < 0)
            return true;
        for (var at = 0L; at + HeaderSize <= length;)
        {
            var header = new ReadOnlySpan<byte>(buffer + at, HeaderSize);
            if (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) is LinkRemoved or AddressRemoved or RouteRemoved or ConfigurationChanged)
                return true;
            at += Math.Max(HeaderSize, (BinaryPrimitives.ReadUInt32LittleEndian(header) + 3) & ~3u);
        }
        return false;
    }

    private static int Open(int protocol, uint groups)
    {
        var socket = OpenSocket(Netlink, Raw | CloseOnExec, protocol);
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, Netlink);
        BinaryPrimitives.WriteUInt32LittleEndian(address[8..], groups);
        fixed (byte* bytes = address)
            if (socket >= 0 && Bind(socket, bytes, address.Length) != 0)
            {
                _ = Libc.Close(socket);
                return -1;
            }
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte* address, int length);
}
