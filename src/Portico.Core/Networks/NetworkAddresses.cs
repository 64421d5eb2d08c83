using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;

namespace Portico.Core.Networks;

/// <summary>Gives each number of a resource its address in the private network.</summary>
/// <remarks>
/// <code>
/// 10.201.0.0/16   first quarter    gateway, external source, and instances, which the engine numbers
///                 second quarter   data stores
///                 third quarter    services: only the edge has these addresses
///                 last quarter     Key Value stores as their clients see them, also at the edge; its last quarter: resolvers
/// </code>
/// </remarks>
public sealed class NetworkAddresses
{
    private const int LongestPrefix = 24;
    private readonly IPNetwork _range;
    private readonly uint _base;
    private readonly uint _quarter;

    /// <exception cref="FormatException">The text is no IPv4 range of at least 256 addresses.</exception>
    public NetworkAddresses(string range)
    {
        if (!SourceRange.TryParse(range, out _range) || _range.BaseAddress.AddressFamily != AddressFamily.InterNetwork || _range.PrefixLength > LongestPrefix)
            throw new FormatException($"'{range}' is not an IPv4 range with at least 256 addresses.");
        _base = ToNumber(_range.BaseAddress);
        _quarter = 1u << (30 - _range.PrefixLength);
    }

    /// <summary>How many services and data stores can have an address.</summary>
    public int MostServices => (int)_quarter - 1;

    /// <inheritdoc cref="MostServices"/>
    public int MostStores => (int)(_quarter / 4 * 3) - 1;

    /// <summary>How many networks can have a resolver.</summary>
    public int MostNetworks => (int)(_quarter / 4) - 2;

    public bool Contains(IPAddress address) => _range.Contains(address);

    /// <returns>Null if the number is too large for the range.</returns>
    public string? OfService(int number) => At(2 * _quarter, number, MostServices);

    /// <summary>The address of a data store itself.</summary>
    /// <inheritdoc cref="OfService"/>
    public string? OfStore(int number) => At(_quarter, number, MostStores);

    /// <summary>The address of a Key Value store where the edge logs in for its clients.</summary>
    /// <inheritdoc cref="OfService"/>
    public string? OfStoreAtEdge(int number) => At(3 * _quarter, number, MostStores);

    /// <summary>The address of the DNS resolver of a network.</summary>
    /// <inheritdoc cref="OfService"/>
    public string? OfResolver(int number) => At((3 * _quarter) + (_quarter / 4 * 3), number, MostNetworks);

    private string? At(uint offset, int number, int most) =>
        number < 1 || number > most ? null : new IPAddress(ToBytes(_base + offset + (uint)number)).ToString();

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static byte[] ToBytes(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
