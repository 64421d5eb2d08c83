using System.Net;
using Portico.Core.Engines;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <param name="Address">Where the instance listens; null if it is not certain that the listener is this instance.</param>
internal sealed record PortFinding(InstanceAddress? Address, string? Warning)
{
    /// <summary>Whether another program listens on its port.</summary>
    public bool Taken { get; init; }

    /// <summary>Why the check could not pass, as text that follows it; null if the outcome of the check says it all.</summary>
    public string? Answer { get; init; }
}

/// <summary>Finds the port that an instance listens on.</summary>
internal interface IPortInspection
{
    /// <param name="asked">Where the health check was sent.</param>
    Task<PortFinding> InspectAsync(InstanceRecord record, IPEndPoint asked, ProbeResult result, CancellationToken cancellationToken);
}

/// <summary>
/// Finds the port that an instance actually listens on. A response on its port counts only if the listener is one of the
/// instance's own processes, because another program may have taken the port.
/// </summary>
internal sealed class PortInspection(Workload workload, Revision revision, TimeProvider time) : IPortInspection
{
    private static readonly TimeSpan SearchAfter = TimeSpan.FromSeconds(1), LookPause = TimeSpan.FromSeconds(1);
    private long? _looked;
    private PortFinding? _confirmed;

    /// <summary>Returns where to send the next health check.</summary>
    public static IPEndPoint AddressOf(InstanceRecord record) => record.Address is { } known
        ? new IPEndPoint(IPAddress.Parse(known.Host), known.Port)
        : new IPEndPoint(HostOf(record), record.Port!.Value);

    /// <summary>The address of its own network; that of the loopback device if it has none.</summary>
    public static IPAddress HostOf(InstanceRecord record) =>
        record.Workload?.Place is { Address: var own } ? IPAddress.Parse(own) : IPAddress.Loopback;

    public Task<PortFinding> InspectAsync(InstanceRecord record, IPEndPoint asked, ProbeResult result, CancellationToken cancellationToken) =>
        Task.FromResult(Inspect(record, asked, result));

    private PortFinding Inspect(InstanceRecord record, IPEndPoint asked, ProbeResult result)
    {
        if (result == ProbeResult.Refused)
            _confirmed = null;
        if (_confirmed is not null)
            return _confirmed;
        var finding = MayLook(record, result) ? Look(record, asked, result) : new PortFinding(null, record.Warning);
        _confirmed = result == ProbeResult.Passed && finding.Address is not null ? finding : null;
        return finding;
    }

    /// <summary>Whether to search now. A search through the kernel's tables takes a few milliseconds, so it is not part of every check.</summary>
    private bool MayLook(InstanceRecord record, ProbeResult result)
    {
        var now = time.GetTimestamp();
        if (result == ProbeResult.Refused && time.GetUtcNow() - record.StartedAt < SearchAfter)
            return false;
        if (_looked is { } before && time.GetElapsedTime(before, now) < LookPause)
            return false;
        _looked = now;
        return true;
    }

    private PortFinding Look(InstanceRecord record, IPEndPoint asked, ProbeResult result)
    {
        var processes = workload.Processes();
        var own = ListeningSockets.Of(processes);
        var here = own.Where(socket => socket.Port == asked.Port).ToList();
        if (here.Count > 0 && result != ProbeResult.Refused)
            return Found(record, asked, here);
        if (own.Count > 0 && revision.Port is PortBinding.Assigned)
            return Best(record, own);
        if (result == ProbeResult.Refused)
            return new PortFinding(null, null);
        return processes.Any(ListeningSockets.CanLookInto)
            ? new PortFinding(null, $"Port {asked.Port} is in use by another program.") { Taken = true }
            : new PortFinding(ToAddress(asked), null);
    }

    /// <summary>Returns the best of several listeners as the address of the next check. The instance is ready only when that check passes.</summary>
    private PortFinding Best(InstanceRecord record, IReadOnlyList<IPEndPoint> own)
    {
        var best = own.FirstOrDefault(socket => socket.Port == record.Port) ?? own[0];
        return Found(record, new IPEndPoint(Reachable(best.Address), best.Port), [.. own.Where(socket => socket.Port == best.Port)]);
    }

    private PortFinding Found(InstanceRecord record, IPEndPoint asked, IReadOnlyList<IPEndPoint> listeners)
    {
        if (asked.Port != record.Port)
            return new PortFinding(
                ToAddress(asked), $"It listens on port {asked.Port} instead of the one in the PORT variable ({record.Port}). Make it listen on PORT.");
        return new PortFinding(
            ToAddress(asked),
            // If the caller chose the port, the caller also chose the address.
            revision.Port is PortBinding.Assigned && listeners.All(listener => IPAddress.IsLoopback(listener.Address))
                ? "It listens on localhost only. That works here, but not on Render or in containers. Make it listen on 0.0.0.0."
                : null);
    }

    private static IPAddress Reachable(IPAddress listener) =>
        listener.Equals(IPAddress.Any) ? IPAddress.Loopback
        : listener.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : listener;

    private static InstanceAddress ToAddress(IPEndPoint endpoint) => new(endpoint.Address.ToString(), endpoint.Port);
}
