namespace Portico.Core.Engines;

/// <summary>A command to run: a user's shell line, or an argument array of Portico's own. It is never a string built from user data.</summary>
public abstract record Command
{
    private Command() { }

    /// <summary>A user's build, start or pre-deploy command. It runs with <c>sh -c</c>, only as a workload.</summary>
    public sealed record Shell(string Line) : Command;

    /// <summary>
    /// A command of Portico's own. In each argument, the engine replaces <c>{disk}</c> with the directory of the revision's disk and
    /// <c>{files}</c> with the directory of its <see cref="Revision.Files"/>.
    /// </summary>
    public sealed record Exec(string Program, IReadOnlyList<string> Arguments) : Command;
}
