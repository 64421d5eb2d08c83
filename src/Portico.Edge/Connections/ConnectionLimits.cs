using System.Net;
using Portico.Edge.Model;

namespace Portico.Edge.Connections;

/// <summary>How many connections may be open on one kind of port.</summary>
/// <param name="Proxies">Proxies that are trusted may have any number of the total: each carries the connections of many clients.</param>
internal sealed record ConnectionLimits(int Total, int PerAddress, AllowedSources? Proxies = null)
{
    public bool IsTrusted(IPAddress? address) => Proxies?.Admit(address) == true;
}

/// <summary>Divides the file descriptors of this process among the kinds of ports.</summary>
/// <remarks>
/// <code>
/// descriptors = 192 for the edge itself + 2 × (public 1/2 + internal 1/4 + external 1/4)
/// </code>
/// Each connection may need a second descriptor, for the instance or data store that it leads to. So descriptors do not run out,
/// whatever clients do, and the edge can always accept, read routes and hand over.
/// </remarks>
internal sealed class DescriptorShares
{
    private const int OfEdgeItself = 192, Least = 8, AddressShare = 4;
    private readonly int _connections;

    public DescriptorShares() : this(ReadLimit()) { }

    public DescriptorShares(int descriptors)
    {
        _connections = Math.Max(4 * Least, (descriptors - OfEdgeItself) / 2);
        Internal = new ConnectionLimits(
            _connections / 4, Math.Max(Least, _connections / 4 / AddressShare), AllowedSources.Of([$"{System.Net.IPAddress.Loopback}/8"]));
    }

    /// <param name="total">The configured limit; null for as many as there are descriptors for.</param>
    /// <param name="perAddress">The configured limit; null for a quarter of the total.</param>
    public ConnectionLimits Public(int? total, int? perAddress, AllowedSources? proxies)
    {
        var most = Math.Min(total ?? int.MaxValue, _connections / 2);
        return new ConnectionLimits(most, Math.Min(perAddress ?? Math.Max(Least, most / AddressShare), most), proxies);
    }

    /// <summary>
    /// A workload with an address of its own cannot take the connections of all others. Those that share the loopback address can only
    /// be limited together.
    /// </summary>
    public ConnectionLimits Internal { get; }

    public ConnectionLimits External => new(_connections / 4, Math.Max(Least, _connections / 4 / AddressShare));

    /// <summary>Reads how many files this process may have open; .NET has raised that to the hard limit at the start.</summary>
    private static int ReadLimit()
    {
        const int usual = 4096;
        const string name = "Max open files";
        if (!OperatingSystem.IsLinux())
            return usual;
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return soft == "unlimited" ? int.MaxValue : int.TryParse(soft, out var limit) ? limit : usual;
    }
}
