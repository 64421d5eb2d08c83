using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Network;

/// <summary>Changes the machine for the private network: addresses, routes, packet rules and forwarding.</summary>
/// <remarks>Its calls must not overlap.</remarks>
/// <param name="moreRules">More chains for the table.</param>
/// <param name="forwarding">The devices for which an earlier engine turned forwarding on.</param>
internal sealed class NetworkMachine(
    EngineHome home, NetworkPlan plan, NetworkTools tools, IReadOnlyList<int> publicPorts, IReadOnlyList<string> forwarding, string moreRules)
{
    private const string Loopback = "lo";
    private const int LeastPort = 15_000, MostPorts = 4_000;

    private readonly PacketFilter _filter = new(tools.Nft, Path.Combine(home.Networks, "rules.nft"));
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly List<string> _refusals = [];
    private NetworkSets _sets = NetworkSets.Empty;
    private IReadOnlyList<string> _guarded = [];
    private IReadOnlyList<string> _forwarding = forwarding;
    private MachineNetwork _seen = new([], [], null, new Dictionary<string, int>());
    private string _content = "";

    public NetworkPlan Plan => plan;

    /// <summary>Chooses the addresses and claims them on this machine.</summary>
    /// <returns>The machine, or why it can have no private network.</returns>
    /// <exception cref="EngineStartException">The setting of the range is wrong.</exception>
    public static async Task<(NetworkMachine? Machine, string? Restriction)> PrepareAsync(
        EngineHome home, ProcessEngineOptions options, string moreRules, CancellationToken cancellationToken)
    {
        if (Libc.EffectiveUser() != 0 || !options.UsePrivateNetwork)
            return (null, "only root can give services networks of their own. They listen on ports of this machine's loopback address, which every service can reach.");
        if (NetworkTools.Find() is not { Tools: { } tools } found)
            return (null, $"programs that set up networks are missing. Install them: apt-get install {NetworkTools.Find().Missing}");
        EngineHome.MakePassable(home.Networks);
        using var held = await MachineLock.TakeAsync(options.TimeProvider, cancellationToken);
        await MachineCleanup.RemoveAbandonedAsync(cancellationToken);
        var kept = JsonFile.Read<NetworkRecord>(home.NetworkRecord);
        var bare = new NetworkPlan(home.Tag, default, 0);
        var network = await MachineNetwork.ReadAsync(found.Tools, bare.DevicePrefix, cancellationToken);
        var keptRange = kept is null ? null : AddressBlock.Parse(kept.Range);
        var hasWorkloads = network.Devices.Keys.Any(device => device.StartsWith(bare.DevicePrefix, StringComparison.Ordinal));
        var range = RangeChoice.Choose(options.NetworkRange, keptRange, hasWorkloads, UsedBlocks(network, home, keptRange), home.Tag);
        if (range is not { } chosen)
            return (null, "this machine uses all private addresses that could be chosen. Set PORTICO_NETWORK to a free range.");
        var record = new NetworkRecord(chosen.ToString(), kept?.EdgePort ?? FreePort());
        if (record != kept)
            JsonFile.Write(home.NetworkRecord, record);
        var forwarding = PlatformClaims.Read().FirstOrDefault(claim => claim.Tag == home.Tag).Claim?.Devices ?? [];
        var machine = new NetworkMachine(home, bare with { Range = chosen, EdgePort = record.EdgePort }, tools, options.EdgePorts, forwarding, moreRules);
        PlatformClaims.Write(home.Tag, machine.Claim());
        return (machine, null);
    }

    /// <summary>Sets everything.</summary>
    /// <exception cref="IOException">The machine refuses, and the reason is the message.</exception>
    public async Task SetAsync(NetworkSets sets, CancellationToken cancellationToken)
    {
        _sets = sets;
        await RepairAsync(cancellationToken);
    }

    /// <summary>Changes what belongs to networks, and leaves all other rules as they are.</summary>
    public async Task ChangeAsync(NetworkSets sets, CancellationToken cancellationToken)
    {
        var changes = sets.ChangesFrom(_sets, plan.Table);
        _sets = sets;
        if (changes.Length == 0)
            return;
        try
        {
            await _filter.ApplyAsync(changes, cancellationToken);
        }
        catch (IOException)
        {
            // Somebody has removed the table a moment ago, so all of it is set again.
            await SetRulesAsync(cancellationToken);
        }
    }

    /// <summary>Starts and ends a network namespace with a device, as each workload does.</summary>
    /// <exception cref="IOException">The machine refuses, and the reason is the message.</exception>
    public async Task TryAsync(CancellationToken cancellationToken)
    {
        var tried = await RunScriptAsync(["/usr/bin/unshare", "--net", "--"], plan.Trial, NetworkPlan.NoGroup, cancellationToken);
        if (!tried.Succeeded)
            throw new IOException($"{tried.Output} {tried.Error}".Trim());
    }

    /// <summary>Puts back what is missing on the machine.</summary>
    /// <returns>Whether something was missing.</returns>
    /// <exception cref="IOException">The machine refuses, and the reason is the message.</exception>
    public async Task<bool> RepairAsync(CancellationToken cancellationToken)
    {
        _seen = await MachineNetwork.ReadAsync(tools, plan.DevicePrefix, cancellationToken);
        var repaired = await AddAddressesAsync(cancellationToken) | Forward();
        var ruleset = await _filter.ListAsync(cancellationToken);
        var guarded = Forwarding.IsOnEverywhere ? [] : _forwarding;
        if (PacketFilter.ContentOf(ruleset, plan.Table) is var content && (content.Length == 0 || content != _content || !guarded.SequenceEqual(_guarded)))
        {
            _guarded = guarded;
            await SetRulesAsync(cancellationToken);
            repaired = true;
        }
        foreach (var command in OtherFirewalls.Missing(ruleset, plan))
            await PassAsync(command, cancellationToken);
        return repaired;
    }

    /// <summary>Whether a workload was connected at the last check. Its route is the last that a start adds.</summary>
    public bool HasSeen(string address) =>
        plan.DeviceOf(address) is var device && _seen.Devices.ContainsKey(device) && _seen.HasRoute(AddressBlock.Parse(address)!.Value, device);

    /// <summary>Puts back the device and the route of a workload.</summary>
    /// <param name="process">A process in its namespace.</param>
    /// <returns>Whether something was missing.</returns>
    public async Task<bool> RepairAsync(string address, uint group, int process, CancellationToken cancellationToken)
    {
        var device = plan.DeviceOf(address);
        if (!_seen.Devices.ContainsKey(device))
        {
            // It may have been made since.
            _seen = await MachineNetwork.ReadAsync(tools, plan.DevicePrefix, cancellationToken);
            if (!_seen.Devices.ContainsKey(device))
                return (await RunScriptAsync(["/usr/bin/nsenter", $"--net=/proc/{process}/ns/net", "--"], address, group, cancellationToken)).Succeeded;
        }
        if (!Forwarding.IsOnEverywhere)
            Forwarding.Set(device, on: true);
        return !_seen.HasRoute(AddressBlock.Parse(address)!.Value, device)
            && (await Tool.RunAsync([tools.Ip, "route", "replace", $"{address}/32", "dev", device, "src", plan.Gateway], cancellationToken)).Succeeded;
    }

    /// <summary>Moves a workload to another network.</summary>
    public Task RegroupAsync(string address, uint group, CancellationToken cancellationToken) => Tool.RunAsync(
        [tools.Ip, "link", "set", "dev", plan.DeviceOf(address), "group", group.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    public Task RemoveAsync(CancellationToken cancellationToken) => MachineCleanup.RemoveAsync(plan.Tag, Claim(), cancellationToken);

    /// <summary>Returns the changes that other packet filters refused, each once.</summary>
    public IReadOnlyList<string> TakeRefusals()
    {
        string[] taken = [.. _refusals];
        _refusals.Clear();
        return taken;
    }

    public IEnumerable<string> SettingsOf(string address, uint group) =>
    [
        $"__portico_net_address={address}",
        $"__portico_net_device={plan.DeviceOf(address)}",
        $"__portico_net_gateway={plan.Gateway}",
        $"__portico_net_mac={NetworkPlan.HardwareAddressOf(address)}",
        $"__portico_net_gateway_mac={NetworkPlan.HardwareAddressOf(plan.Gateway)}",
        string.Create(CultureInfo.InvariantCulture, $"__portico_net_group={group}"),
        string.Create(CultureInfo.InvariantCulture, $"__portico_net_mtu={_seen.PacketSize}"),
        $"__portico_net_ip={tools.Ip}",
    ];

    private PlatformClaim Claim() => new(home.Root, plan.Range.ToString(), _forwarding);

    private Task<ToolResult> RunScriptAsync(IReadOnlyList<string> prefix, string address, uint group, CancellationToken cancellationToken)
    {
        var settings = SettingsOf(address, group).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return Tool.RunAsync([.. prefix, Workloads.Launcher.Shell, home.Script, "network"], "/", settings, cancellationToken);
    }

    private async Task<bool> AddAddressesAsync(CancellationToken cancellationToken)
    {
        var repaired = false;
        foreach (var address in (string[])[plan.Gateway, plan.ExternalSource])
            if (!_seen.HasRoute(AddressBlock.Parse(address)!.Value, Loopback))
            {
                // It can have lost its route alone.
                await Tool.RunAsync([tools.Ip, "addr", "del", $"{address}/32", "dev", Loopback], cancellationToken);
                repaired |= await RunAsync(["addr", "add", $"{address}/32", "dev", Loopback, "scope", "host"]);
            }
        if (!_seen.HasRoute(plan.Upper, Loopback))
            repaired |= await RunAsync(["route", "replace", "local", plan.Upper.ToString(), "dev", Loopback]);
        return repaired;

        async Task<bool> RunAsync(string[] arguments)
        {
            var run = await Tool.RunAsync([tools.Ip, .. arguments], cancellationToken);
            return run.Succeeded ? true : throw new IOException(run.Error);
        }
    }

    /// <returns>Whether forwarding was off.</returns>
    private bool Forward()
    {
        // Devices may appear and disappear, and the claim contains all for which it was turned on.
        var wanted = Forwarding.IsOnEverywhere ? _forwarding : [.. _forwarding.Union(_seen.OutwardDevices.Where(device => !Forwarding.IsOn(device))).Order(StringComparer.Ordinal)];
        if (!wanted.SequenceEqual(_forwarding))
        {
            _forwarding = wanted;
            PlatformClaims.Write(plan.Tag, Claim());
        }
        if (Forwarding.IsOnEverywhere)
            return false;
        var off = _forwarding.Where(device => _seen.Devices.ContainsKey(device) && !Forwarding.IsOn(device)).ToList();
        off.ForEach(device => Forwarding.Set(device, on: true));
        return off.Count > 0;
    }

    private async Task SetRulesAsync(CancellationToken cancellationToken)
    {
        await _filter.ApplyAsync(NetworkRules.Table(plan, _sets, _guarded, publicPorts, moreRules), cancellationToken);
        _content = PacketFilter.ContentOf(await _filter.ListAsync(cancellationToken), plan.Table);
    }

    private async Task PassAsync(string command, CancellationToken cancellationToken)
    {
        try
        {
            await _filter.ApplyAsync(command, cancellationToken);
        }
        catch (IOException e)
        {
            if (_refused.Add(command))
                _refusals.Add(e.Message);
        }
    }

    private static List<UsedBlock> UsedBlocks(MachineNetwork network, EngineHome home, AddressBlock? kept)
    {
        var own = kept is { } range ? new NetworkPlan(home.Tag, range, 0) : null;
        var used = network.Routes
            .Where(route => own is null || !IsOwn(route, own))
            .Select(route => new UsedBlock(route.Block, $"the route to {route.Block}" + (route.Device is null ? "" : $" on {route.Device}"))).ToList();
        used.AddRange(PlatformClaims.Read().Where(other => other.Tag != home.Tag && other.Claim.Range is not null)
            .Select(other => new UsedBlock(AddressBlock.Parse(other.Claim.Range!)!.Value, $"the platform in {other.Claim.Home}")));
        var resolvers = File.Exists("/etc/resolv.conf") ? MachineNetwork.NameServers(File.ReadAllText("/etc/resolv.conf")) : [];
        used.AddRange(resolvers.Select(AddressBlock.Parse).OfType<AddressBlock>().Select(server => new UsedBlock(server, $"the name server {server}")));
        return used;
    }

    private static bool IsOwn(RouteEntry route, NetworkPlan own) => own.Range.Contains(route.Block.First)
        && (route.Device?.StartsWith(own.DevicePrefix, StringComparison.Ordinal) is true || (route is { Device: Loopback, Type: "local" } && own.Range.Overlaps(route.Block) && route.Block.Prefix > own.Range.Prefix));

    /// <summary>Finds a port for the edge that is below those of outgoing connections.</summary>
    private static int FreePort()
    {
        for (var tries = 0; tries < MostPorts; tries++)
            if (Random.Shared.Next(LeastPort, LeastPort + MostPorts) is var port && Instances.Ports.IsFree(port))
                return port;
        throw new IOException("No port is free for internal addresses.");
    }
}
