using System.Globalization;
using System.Net;

namespace Portico.Engines.Process.Network;

/// <summary>What the machine's own network uses.</summary>
/// <param name="Routes">Every block with a route, except default routes.</param>
/// <param name="OutwardDevices">The devices over which this machine reaches others.</param>
/// <param name="DefaultDevice">The device of the default route; null without one.</param>
/// <param name="Devices">The packet size of each device (MTU), by name.</param>
internal sealed record MachineNetwork(
    IReadOnlyList<RouteEntry> Routes, IReadOnlyList<string> OutwardDevices, string? DefaultDevice, IReadOnlyDictionary<string, int> Devices)
{
    private const int UsualSize = 1500, LeastSize = 576;
    private const string Loopback = "lo";

    /// <summary>Types of routes whose block follows the type.</summary>
    private static readonly string[] Types = ["local", "broadcast", "unreachable", "blackhole", "prohibit", "throw", "multicast", "anycast", "unicast", "nat"];

    /// <param name="routes">The output of <c>ip -4 route show table all</c>.</param>
    /// <param name="devices">The output of <c>ip -o link show</c>.</param>
    /// <param name="ownPrefix">The beginning of the names of this platform's devices.</param>
    public static MachineNetwork Parse(string routes, string devices, string ownPrefix)
    {
        var entries = new List<RouteEntry>();
        var outward = new List<string>();
        string? defaultDevice = null;
        foreach (var words in routes.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1))
        {
            var type = Types.Contains(words[0]) ? words[0] : null;
            var target = type is null ? words[0] : words[1];
            var device = After(words, "dev");
            if (target == "default" && type is null)
                defaultDevice ??= device;
            else if (AddressBlock.Parse(target) is { } block)
                entries.Add(new RouteEntry(block, device, type));
            if (type is null && device is not null && device != Loopback && !device.StartsWith(ownPrefix, StringComparison.Ordinal) && !outward.Contains(device))
                outward.Add(device);
        }
        return new MachineNetwork(entries, outward, defaultDevice, ParseDevices(devices));
    }

    /// <summary>The packet size for devices of sandboxes: not more than that of the way out, so that nothing has to be divided there.</summary>
    public int PacketSize => DefaultDevice is not null && Devices.TryGetValue(DefaultDevice, out var size) ? Math.Clamp(size, LeastSize, UsualSize) : UsualSize;

    public bool HasRoute(AddressBlock block, string device) => Routes.Any(route => route.Block == block && route.Device == device);

    public static async Task<MachineNetwork> ReadAsync(NetworkTools tools, string ownPrefix, CancellationToken cancellationToken)
    {
        var routes = Tool.RunAsync([tools.Ip, "-4", "route", "show", "table", "all"], cancellationToken);
        var devices = await Tool.RunAsync([tools.Ip, "-o", "link", "show"], cancellationToken);
        return Parse((await routes).Output, devices.Output, ownPrefix);
    }

    /// <summary>Parses lines such as <c>2: eth0@if5: &lt;UP&gt; mtu 1400 qdisc …</c>.</summary>
    private static Dictionary<string, int> ParseDevices(string devices)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var words in devices.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1))
            sizes[words[1].TrimEnd(':').Split('@')[0]] = int.TryParse(After(words, "mtu"), CultureInfo.InvariantCulture, out var size) ? size : UsualSize;
        return sizes;
    }

    private static string? After(string[] words, string word) =>
        Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;

    /// <summary>Returns the addresses of the name servers in the text of a <c>resolv.conf</c>.</summary>
    public static IReadOnlyList<string> NameServers(string text) =>
    [
        .. text.Split('\n').Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _)).Select(words => words[1]),
    ];
}

/// <param name="Type">The type of a route that is not an ordinary one, such as <c>local</c>.</param>
internal sealed record RouteEntry(AddressBlock Block, string? Device, string? Type);
