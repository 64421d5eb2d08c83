namespace Portico.Core.Engines;

/// <summary>What to run: a user's shell line, or Portico's own argument array. Never a string built from user data.</summary>
public abstract record Command
{
    private Command() { }

    /// <summary>A user's build, start or pre-deploy command. Runs by <c>sh -c</c> in the user's sandbox, nowhere else.</summary>
    public sealed record Shell(string Line) : Command;

    /// <summary>
    /// Portico's own command. In each argument <c>{disk}</c> stands for the directory of the revision's disk and
    /// <c>{files}</c> for the directory of its <see cref="Revision.Files"/>; the engine puts the real paths in.
    /// </summary>
    public sealed record Exec(string Program, IReadOnlyList<string> Arguments) : Command;
}
