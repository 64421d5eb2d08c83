using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Network;

/// <summary>
/// The private network of a platform. Each workload has a network namespace with one device and one address. Routes, packet rules and
/// two addresses of this machine connect them. The namespace and its device end with the last process of the workload.
/// </summary>
/// <remarks>
/// Everything on the machine can disappear at any time: by a restart of the machine, by another program that replaces all packet
/// rules, by an administrator. <see cref="RepairAsync"/> puts it back.
/// </remarks>
internal sealed partial class PrivateNetwork : IDisposable
{
    private readonly NetworkMachine? _machine;
    private readonly NetworkFiles _files;
    private readonly AddressPool? _pool;
    private readonly EngineHome _home;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<string, AttachedWorkload> _attached = new(StringComparer.Ordinal);
    private volatile Dictionary<string, NetworkContent> _networks = [];
    private string _told = "";

    private PrivateNetwork(EngineHome home, NetworkMachine? machine, string? restriction, ILogger logger)
    {
        (_home, _machine, Restriction, _logger) = (home, machine, restriction, logger);
        _files = new NetworkFiles(home);
        if (machine is not null)
            _pool = new AddressPool(machine.Plan, (uint)Random.Shared.Next());
    }

    /// <summary>Why there is no private network, as text for users; null if there is one.</summary>
    public string? Restriction { get; }

    public bool Exists => _machine is not null;

    public PrivateNetworkSupport Support => _machine?.Plan is not { } plan
        ? new PrivateNetworkSupport { Restriction = Restriction }
        : new PrivateNetworkSupport
        {
            Range = plan.Range.ToString(),
            Gateway = plan.Gateway,
            ExternalSource = plan.ExternalSource,
            EdgePort = plan.EdgePort,
        };

    /// <summary>The content of all networks.</summary>
    public IReadOnlyCollection<NetworkContent> Contents => _networks.Values;

    /// <summary>Returns the address of each workload that runs in a namespace of its own, with a process in it.</summary>
    public IEnumerable<(string Address, int Process)> Running() =>
        from workload in _attached.Values
        let process = workload.Process
        where process is not null
        select (workload.Place.Address, process.Value);

    /// <summary>Sets up the network, with the content that an earlier engine was told.</summary>
    /// <exception cref="EngineStartException">The setting of the range is wrong.</exception>
    public static async Task<PrivateNetwork> StartAsync(EngineHome home, ProcessEngineOptions options, string moreRules, ILogger logger, CancellationToken cancellationToken)
    {
        var (machine, restriction) = await NetworkMachine.PrepareAsync(home, options, moreRules, cancellationToken);
        var network = new PrivateNetwork(home, machine, restriction, logger);
        if (machine is null)
            return network;
        network.Tell(JsonFile.Read<NetworkContents>(home.NetworkContents)?.All ?? []);
        try
        {
            await machine.SetAsync(network.Sets(), cancellationToken);
            await machine.TryAsync(cancellationToken);
            return network;
        }
        catch (IOException e)
        {
            await machine.RemoveAsync(cancellationToken);
            network.Dispose();
            return new PrivateNetwork(home, null, $"networks of services cannot be set up on this machine: {e.Message}", logger);
        }
    }

    /// <summary>Sets the content of all networks: the files first, so that no name leads to an address that is not reachable for long.</summary>
    public async Task SetAsync(IReadOnlyList<NetworkContent> all, CancellationToken cancellationToken)
    {
        if (_machine is null)
            return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var told = JsonSerializer.Serialize(all);
            if (told == _told)
                return;
            var unknown = _attached.Values.Where(workload => !_networks.ContainsKey(workload.Place.Network)).ToList();
            JsonFile.WriteUnflushed(_home.NetworkContents, new NetworkContents(all));
            Tell(all);
            await _machine.ChangeAsync(Sets(), cancellationToken);
            foreach (var workload in unknown.Where(workload => _networks.ContainsKey(workload.Place.Network)))
                await _machine.RegroupAsync(workload.Place.Address, GroupOf(workload.Place), cancellationToken);
            _told = told;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives a workload its address.</summary>
    /// <param name="membership">
    /// Null for a workload that knows nothing of the private network, such as one that was deployed before there was one: its variables
    /// contain addresses of the loopback device, so it stays in the machine's network.
    /// </param>
    /// <returns>Null if it has no network of its own.</returns>
    /// <exception cref="IOException">No address is free.</exception>
    public SandboxPlace? Join(NetworkMembership? membership) => _pool is null || membership is null
        ? null
        : new SandboxPlace(membership.Address is { } chosen ? _pool.Take(chosen) : _pool.Take(), membership.Network);

    /// <summary>Remembers that a workload uses its address, until <see cref="Leave"/>. Call it for those of an earlier engine too.</summary>
    public void Attach(SandboxPlace? place, Workload workload)
    {
        if (_pool is null || place is null || !IsInRange(place))
            return;
        _pool.Take(place.Address);
        _attached[place.Address] = new AttachedWorkload(place, workload);
    }

    /// <summary>Makes the address of a workload free that has ended or was never started.</summary>
    public void Leave(SandboxPlace? place)
    {
        if (_pool is null || place is null)
            return;
        _attached.TryRemove(place.Address, out _);
        _pool.Free(place.Address);
    }

    /// <summary>The directory with the files for resolving names. The sandboxes of a network all see the same one.</summary>
    /// <returns>Null if the workload has no network of its own.</returns>
    public string? DirectoryOf(NetworkMembership? membership) => _machine is null || membership is null ? null : _files.DirectoryOf(membership.Network);

    /// <summary>The variables for <c>launch.sh</c>.</summary>
    public IEnumerable<string> SettingsOf(SandboxPlace? place) => _machine is null || place is null ? ["__portico_net_address="] : _machine.SettingsOf(place.Address, GroupOf(place));

    /// <summary>Puts back what has disappeared from the machine.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        if (_machine is null)
            return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var repaired = await _machine.RepairAsync(cancellationToken);
            foreach (var workload in _attached.Values)
                repaired |= await ReconnectAsync(workload, cancellationToken);
            if (repaired)
                LogRepaired();
            foreach (var refusal in _machine.TakeRefusals())
                LogRefused(refusal);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes everything from the machine. Call it when no workload is left.</summary>
    public async Task RemoveAsync()
    {
        if (_machine is not null)
            await _machine.RemoveAsync(CancellationToken.None);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Repairs the connection of a workload that had one. One that is starting makes it itself.</summary>
    private async Task<bool> ReconnectAsync(AttachedWorkload workload, CancellationToken cancellationToken)
    {
        workload.WasConnected |= _machine!.HasSeen(workload.Place.Address);
        return workload is { WasConnected: true, Process: { } process }
            && await _machine.RepairAsync(workload.Place.Address, GroupOf(workload.Place), process, cancellationToken);
    }

    private void Tell(IReadOnlyList<NetworkContent> all)
    {
        foreach (var content in all)
            _files.Write(content);
        _files.DeleteAllBut(all.Select(content => content.Id));
        _networks = all.ToDictionary(content => content.Id, StringComparer.Ordinal);
    }

    private NetworkSets Sets() => NetworkSets.Of(_networks.Values, _machine!.Plan.Upper);

    private uint GroupOf(SandboxPlace place) =>
        _networks.TryGetValue(place.Network, out var content) ? NetworkPlan.GroupOf(content.Number) : NetworkPlan.NoGroup;

    private bool IsInRange(SandboxPlace place) => AddressBlock.Parse(place.Address) is { } one && _machine!.Plan.Lower.Contains(one.First);

    [LoggerMessage(EventName = "NetworkRepaired", Level = LogLevel.Warning, Message = "Parts of the private network had been removed from this machine, and were put back.")]
    private partial void LogRepaired();

    [LoggerMessage(EventName = "FirewallRefused", Level = LogLevel.Warning, Message = "Another packet filter of this machine may drop packets of services, and could not be changed: {Refusal}")]
    private partial void LogRefused(string refusal);

    /// <summary>A workload that uses its address.</summary>
    private sealed record AttachedWorkload(SandboxPlace Place, Workload Workload)
    {
        private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
        private bool _wasConnected;

        /// <summary>A process in its network namespace; null if none is known.</summary>
        public int? Process => Workload is { IsRunning: true, Main.Pid: var pid } && NetworkNamespace.IsOther(pid) ? pid : null;

        /// <summary>Whether its start is over, as far as the network is concerned.</summary>
        public bool WasConnected
        {
            get => _wasConnected || Workload.IsInSandbox || Workload.Main?.Age > LongestStart;
            set => _wasConnected |= value;
        }
    }
}
