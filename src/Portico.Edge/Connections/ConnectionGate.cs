using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;

namespace Portico.Edge.Connections;

/// <summary>Whether a connection is within the limits.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>Its address has as many connections as one address may have.</summary>
    AddressFull,

    /// <summary>There are as many connections as there may be.</summary>
    Full,
}

/// <summary>Limits how many connections are open, in total and for each address.</summary>
/// <param name="limits">The limits at this moment: they come with the routes.</param>
internal sealed class ConnectionGate(Func<ConnectionLimits> limits)
{
    /// <summary>The server's own checks of the public port must not fail because it is busy.</summary>
    private const int MostChecks = 8;

    private static readonly IPAddress Checker = IPAddress.Parse(EdgeStatus.CheckSource);
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, int> _byAddress = [];
    private int _total, _checks;
    private long _refused;

    /// <summary>How many connections were refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whether idle connections should be closed to make room.</summary>
    public bool IsNearlyFull => Volatile.Read(ref _total) >= limits().Total * 7L / 8;

    /// <summary>Counts the connection if it is admitted. <see cref="Leave"/> is to be called when it ends.</summary>
    public Admission TryEnter(IPAddress? address)
    {
        var most = limits();
        var (key, isTrusted) = (KeyOf(address), most.IsTrusted(address));
        lock (_gate)
        {
            var admission = IsCheck(address) ? (_checks < MostChecks ? Admission.Admitted : Admission.AddressFull)
                : !isTrusted && _byAddress.GetValueOrDefault(key) >= most.PerAddress ? Admission.AddressFull
                : _total >= most.Total ? Admission.Full
                : Admission.Admitted;
            if (admission == Admission.Admitted)
                Add(address, key, 1);
            else
                _refused++;
            return admission;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_gate)
            Add(address, KeyOf(address), -1);
    }

    private void Add(IPAddress? address, UInt128 key, int count)
    {
        if (IsCheck(address))
        {
            _checks += count;
            return;
        }
        _total += count;
        var left = _byAddress.GetValueOrDefault(key) + count;
        if (left > 0)
            _byAddress[key] = left;
        else
            _byAddress.Remove(key);
    }

    private static bool IsCheck(IPAddress? address) => address is not null && (address.Equals(Checker) || (address.IsIPv4MappedToIPv6 && address.MapToIPv4().Equals(Checker)));

    /// <summary>An IPv4 address, or the network of an IPv6 address (64 bits), within which one client has every address.</summary>
    private static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
            address = address.MapToIPv6();
        address.TryWriteBytes(bytes, out _);
        var whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 ? whole : whole >> 64 << 64;
    }
}
