using System.Globalization;
using System.Net;

namespace Portico.Engines.Process.Network;

/// <summary>A pair of devices that connects this machine with a namespace that stands for the outside.</summary>
/// <remarks>The devices end with the namespace, so nothing is left when this process is killed.</remarks>
/// <param name="device">The name of the device on this machine. Its beginning must not be that of devices of sandboxes.</param>
/// <param name="block">Four free addresses.</param>
internal sealed class OutsideCable(string device, AddressBlock block, string tag, NetworkTools tools, OutsideNamespace outside)
{
    private const string Far = "out0";
    private const int PrefixOfSix = 126;

    /// <summary>The addresses of networks for measurements between machines (RFC 2544), which no machine has for other purposes.</summary>
    private static readonly AddressBlock Free = AddressBlock.Parse("198.18.0.0/15")!.Value;

    private const int PrefixOfPair = 30;

    public IPAddress Here => IPAddress.Parse(block.At(1));

    /// <summary>The IPv6 address of this machine; null if it has none.</summary>
    public IPAddress? HereInSix { get; private set; }

    private string Prefix => $"fd{tag[..2]}:{tag[2..6]}::";

    /// <returns>Addresses without routes; null if there are none.</returns>
    public static AddressBlock? FindFree(MachineNetwork network, string tag)
    {
        var bits = PrefixOfPair - Free.Prefix;
        var start = uint.Parse(tag[..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Enumerable.Range(0, 1 << bits).Select(i => Free.Part((start + (uint)i) % (1u << bits), bits))
            .Where(pair => !network.Routes.Any(route => route.Block.Overlaps(pair))).Select(pair => (AddressBlock?)pair).FirstOrDefault();
    }

    /// <param name="forwards">Whether this machine forwards packets of devices like this one.</param>
    /// <exception cref="IOException">The machine refuses.</exception>
    public async Task ConnectAsync(bool forwards, CancellationToken cancellationToken)
    {
        string[] six = ["nodad"];
        await RunAsync(["link", "add", device, "type", "veth", "peer", "name", Far, "netns", outside.Path], cancellationToken);
        // Before it has a route: otherwise the private network takes it for a device that leads to other machines.
        if (forwards)
            Forwarding.Set(device, on: true);
        await RunAsync(["addr", "add", $"{block.At(1)}/{PrefixOfPair}", "dev", device], cancellationToken);
        await RunAsync(["link", "set", device, "up"], cancellationToken);
        await RunOutsideAsync(["link", "set", "lo", "up"], cancellationToken);
        await RunOutsideAsync(["addr", "add", $"{block.At(2)}/{PrefixOfPair}", "dev", Far], cancellationToken);
        await RunOutsideAsync(["link", "set", Far, "up"], cancellationToken);
        await RunOutsideAsync(["route", "add", "default", "via", block.At(1)], cancellationToken);
        // A machine can have IPv6 off.
        if (await TryAsync([tools.Ip, "-6", "addr", "add", $"{Prefix}1/{PrefixOfSix}", "dev", device, .. six], cancellationToken) is null
            && await TryAsync([.. Enter, tools.Ip, "-6", "addr", "add", $"{Prefix}2/{PrefixOfSix}", "dev", Far, .. six], cancellationToken) is null)
            HereInSix = IPAddress.Parse($"{Prefix}1");
    }

    /// <summary>Removes both devices. It does nothing if there are none.</summary>
    public Task DisconnectAsync() => Tool.RunAsync([tools.Ip, "link", "del", device], CancellationToken.None);

    private IReadOnlyList<string> Enter => ["/usr/bin/nsenter", $"--net={outside.Path}", "--"];

    private Task RunAsync(string[] arguments, CancellationToken cancellationToken) => RequireAsync([tools.Ip, .. arguments], cancellationToken);

    private Task RunOutsideAsync(string[] arguments, CancellationToken cancellationToken) => RequireAsync([.. Enter, tools.Ip, .. arguments], cancellationToken);

    private static async Task RequireAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        if (await TryAsync(command, cancellationToken) is { } error)
            throw new IOException(error);
    }

    /// <returns>The error; null if it succeeded.</returns>
    private static async Task<string?> TryAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var run = await Tool.RunAsync(command, cancellationToken);
        return run.Succeeded ? null : $"{string.Join(' ', command)}: {run.Error}";
    }
}
