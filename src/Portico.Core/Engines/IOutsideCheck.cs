namespace Portico.Core.Engines;

/// <summary>Tries to connect to what listens for the platform and its workloads, as another machine would.</summary>
public interface IOutsideCheck
{
    /// <summary>Tries everything once. Whatever it sets on the machine is removed at the end, also if it is canceled or this process is killed.</summary>
    /// <param name="home">The platform's home. Processes with it in their command line belong to the platform.</param>
    /// <param name="open">The TCP ports of this machine that anybody may reach.</param>
    Task<OutsideFinding> RunAsync(string home, IReadOnlyCollection<int> open, CancellationToken cancellationToken);
}

/// <summary>What answers from outside.</summary>
public sealed record OutsideFinding
{
    /// <summary>Why nothing could be tried, as text for users; null if it was.</summary>
    public string? Restriction { get; init; }

    /// <summary>How many TCP sockets were tried that nothing outside may reach.</summary>
    public int Tried { get; init; }

    /// <summary>Those that answered, as <c>address:port</c>.</summary>
    public IReadOnlyList<string> Answering { get; init; } = [];
}
