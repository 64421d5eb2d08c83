namespace EngineConformance;

/// <summary>What a workload of the suite does. Each engine says by which command.</summary>
public abstract record Behaviour
{
    private Behaviour() { }

    /// <summary>Listens on <c>PORT</c>, answers 200, and ends when it is asked to.</summary>
    public sealed record Serve : Behaviour;

    /// <summary>Listens nowhere, and ends when it is asked to.</summary>
    public sealed record Idle : Behaviour;

    /// <summary>Runs on when it is asked to end.</summary>
    public sealed record Stubborn : Behaviour;

    /// <summary>Prints the lines, then ends with the code.</summary>
    public sealed record Exit(int Code, params IReadOnlyList<string> Lines) : Behaviour;

    /// <summary>Prints the lines, then stays.</summary>
    public sealed record Print(params IReadOnlyList<string> Lines) : Behaviour;

    /// <summary>Writes the value of a variable, then ends well.</summary>
    public sealed record Echo(string Variable) : Behaviour;

    /// <summary>Writes a file into the directory it starts in, then ends well.</summary>
    public sealed record Write(string Path, string Content) : Behaviour;
}
