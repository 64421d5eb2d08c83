namespace Portico.Core.Engines;

/// <summary>
/// Runs the platform's own tools on what strangers wrote, such as git on pushed commits. Each directory has an account of its own, so
/// a tool that hostile content has taken over reaches that directory and nothing else.
/// </summary>
public interface IToolConfinement
{
    /// <summary>Whether this machine offers it. Otherwise tools run with the platform's own rights.</summary>
    bool IsOffered { get; }

    /// <summary>
    /// Gives the content of a directory to the directory's account. The directory itself stays the platform's, and its account cannot
    /// remove or replace what the platform keeps there. If confinement is not offered, it undoes that. Can be repeated, and is cheap then.
    /// </summary>
    /// <param name="kept">The names of entries that the platform keeps.</param>
    /// <exception cref="IOException">It cannot, for example because all account numbers are in use. The message says what to do.</exception>
    Task AdoptAsync(string directory, IReadOnlyList<string> kept, CancellationToken cancellationToken);

    /// <summary>Whether the content of a directory was given to its account.</summary>
    bool HasAdopted(string directory);

    /// <summary>Forgets the accounts of directories that no longer exist.</summary>
    /// <param name="existing">All directories that were given to <see cref="AdoptAsync"/> and still exist.</param>
    void ForgetAllBut(IReadOnlyCollection<string> existing);

    /// <summary>Returns the command to start instead of the tool's own.</summary>
    IReadOnlyList<string> Confine(ConfinedTool tool);
}

/// <param name="Directory">The directory that the tool may change, after <see cref="IToolConfinement.AdoptAsync"/>.</param>
/// <param name="Command">The program and its arguments.</param>
public sealed record ConfinedTool(string Directory, IReadOnlyList<string> Command)
{
    public ToolReach Reach { get; init; }

    /// <summary>Directories and files that the tool may also read.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];
}

/// <summary>What a confined tool sees. It never has the platform's rights.</summary>
public enum ToolReach
{
    /// <summary>Everything that every account of the machine may see: for short questions about content that was checked when it arrived.</summary>
    Machine,

    /// <summary>The machine's programs and the tool's directories, and no network.</summary>
    Directories,

    /// <summary>As <see cref="Directories"/>, and the machine's network.</summary>
    Network,
}
