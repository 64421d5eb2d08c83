using System.Net;
using System.Net.Sockets;
using Portico.Core.Engines;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Network;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Finds the port of an instance that has a network namespace. Requests go to <c>PORT</c> if it listens there, else to the lowest port
/// that answers HTTP, else to the lowest that accepts connections. Everything that listens there is the instance's own.
/// </summary>
/// <remarks>A program opens its ports one after the other, so another port than <c>PORT</c> is chosen only when no further one has opened for a while.</remarks>
internal sealed class NetworkPorts(IPAddress own, Workload workload, Revision revision, HealthProbe probe, TimeProvider time) : IPortInspection
{
    private static readonly TimeSpan SearchAfter = TimeSpan.FromSeconds(1), LookPause = TimeSpan.FromSeconds(1);
    private PortFinding _found = new(null, null);
    private IReadOnlyList<int> _open = [];
    private long? _looked;

    public async Task<PortFinding> InspectAsync(InstanceRecord record, IPEndPoint asked, ProbeResult result, CancellationToken cancellationToken)
    {
        var address = new InstanceAddress(asked.Address.ToString(), asked.Port);
        if (result != ProbeResult.Refused)
            return _found = new PortFinding(address, null);
        // What was an answer before is one no longer.
        _found = _found with { Address = null };
        if (!MayLook(record) || workload.Main is not { } main || !NetworkNamespace.IsOther(main.Pid))
            return _found;
        var sockets = ListeningSockets.InNamespaceOf(main.Pid);
        if (HasChanged(sockets))
            return _found;
        if (revision.Port is PortBinding.Assigned && await BestAsync(record, [.. _open], cancellationToken) is { } best)
        {
            // Asking a port that does not answer takes seconds, and others may have opened since.
            return HasChanged(ListeningSockets.InNamespaceOf(main.Pid)) ? _found : _found = new PortFinding(new InstanceAddress(own.ToString(), best), null);
        }
        return _found = Explain(sockets, main.Pid);
    }

    /// <summary>Whether other ports are open than at the last look. If <c>PORT</c> is among them now, the next check finds it.</summary>
    private bool HasChanged(IReadOnlyList<IPEndPoint> sockets)
    {
        var before = _open;
        _open = [.. sockets.Where(IsReachable).Select(socket => socket.Port).Distinct().Order()];
        return _open.Count > 0 && !_open.SequenceEqual(before);
    }

    /// <summary>Whether to search now: not during the first moments, when a program has not opened its port yet, and not at each check.</summary>
    private bool MayLook(InstanceRecord record)
    {
        if (time.GetUtcNow() - record.StartedAt < SearchAfter || (_looked is { } before && time.GetElapsedTime(before) < LookPause))
            return false;
        _looked = time.GetTimestamp();
        return true;
    }

    private bool IsReachable(IPEndPoint socket) =>
        socket.Address.Equals(IPAddress.Any) || socket.Address.Equals(IPAddress.IPv6Any) || socket.Address.Equals(own);

    private async Task<int?> BestAsync(InstanceRecord record, List<int> ports, CancellationToken cancellationToken)
    {
        if (ports.Contains(record.Port!.Value))
            ports.Insert(0, record.Port.Value);
        int? accepting = null;
        foreach (var port in ports)
        {
            var there = new IPEndPoint(own, port);
            if (await probe.AnswersHttpAsync(there, cancellationToken))
                return port;
            if (accepting is null && (await probe.CheckAsync(new HealthCheck.Tcp(), there, cancellationToken)).Result == ProbeResult.Passed)
                accepting = port;
        }
        return accepting;
    }

    /// <summary>Says why a program that listens cannot be reached.</summary>
    private static PortFinding Explain(IReadOnlyList<IPEndPoint> sockets, int pid)
    {
        if (sockets.FirstOrDefault(socket => IPAddress.IsLoopback(socket.Address)) is { } local)
            return Unreachable(local.ToString(), "nothing outside of its sandbox reaches it there, as on Render. Make it listen on 0.0.0.0");
        if (sockets.FirstOrDefault(socket => socket.AddressFamily == AddressFamily.InterNetworkV6) is { } six)
            return Unreachable($"{six}, with IPv6 alone", "the private network has IPv4 only. Make it listen on 0.0.0.0");
        if (sockets.Count == 0 && ListeningSockets.PathsInNamespaceOf(pid) is [var path, ..])
            return Unreachable($"the unix socket {path}", "requests come over the network. Make it listen on 0.0.0.0, on the port in the PORT variable");
        return new PortFinding(null, null);
    }

    private static PortFinding Unreachable(string where, string why) =>
        new(null, $"It listens only on {where}, and {why}.") { Answer = $"{FailureTexts.ListensOnlyOn} {where}, and {why}" };
}
