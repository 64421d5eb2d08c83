using System.Net;
using System.Net.Sockets;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Hosting.Loops;

namespace Portico.Edge.Resolvers;

/// <summary>Opens and closes the resolvers of networks as snapshots say.</summary>
internal sealed partial class ResolverPorts(
    Resolver resolver, ListenerFactory listeners, BackgroundLoops loops, LoopRegistry registry, TimeProvider time, ILogger<ResolverPorts> logger, int port = 53)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, ResolverPort> _open = [];
    private readonly List<Task> _closing = [];
    private string[] _problems = [];
    private bool _stopped;

    /// <summary>Why resolvers could not be opened, one message for each.</summary>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <summary>Opens what is missing and closes what is no longer wanted. One that cannot be opened affects no other.</summary>
    public void Apply(EdgeModel model)
    {
        lock (_gate)
        {
            var wanted = _stopped || model.Network is not { } network ? [] : network.Zones.Keys.ToHashSet();
            _closing.RemoveAll(task => task.IsCompleted);
            foreach (var address in _open.Keys.Except(wanted).ToArray())
                Close(address);
            Report([.. wanted.Except(_open.Keys).Select(TryOpen).OfType<string>()]);
        }
    }

    /// <summary>Closes all of them for good.</summary>
    public async Task StopAsync()
    {
        Task[] closing;
        lock (_gate)
        {
            _stopped = true;
            foreach (var address in _open.Keys.ToArray())
                Close(address);
            closing = [.. _closing];
        }
        await Task.WhenAll(closing);
    }

    private void Close(IPAddress address)
    {
        if (_open.Remove(address, out var open))
            _closing.Add(open.DisposeAsync().AsTask());
    }

    private string? TryOpen(IPAddress address)
    {
        try
        {
            _open[address] = new ResolverPort(new IPEndPoint(address, port), resolver, listeners, loops, registry, time);
            return null;
        }
        catch (SocketException exception)
        {
            return $"cannot open the resolver {address}: {exception.Message}";
        }
    }

    private void Report(string[] problems)
    {
        foreach (var problem in problems.Except(_problems))
            LogProblem(problem);
        Volatile.Write(ref _problems, problems);
    }

    [LoggerMessage(EventName = "ResolverNotOpen", Level = LogLevel.Error, Message = "{Problem}. It is retried until it opens.")]
    private partial void LogProblem(string problem);
}
