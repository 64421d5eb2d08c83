using Portico.Core.Engines;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Accounts;

/// <summary>Confines the platform's own tools as workloads are: by an account number for each directory, a sandbox, and limits.</summary>
/// <remarks>
/// The account of a directory is the directory's group, so finding it needs no record:
/// <code>
/// directory   root, the account's group; the group may write, and entries can be removed by their owners alone
///   kept      root
///   others    the account
/// </code>
/// </remarks>
/// <param name="sandbox">Null if the machine has none.</param>
internal sealed class ToolConfinement(EngineHome home, Identities identities, Sandbox? sandbox) : IToolConfinement
{
    /// <summary>The group may write, new entries get the group, and only their owners may remove them.</summary>
    private const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.SetGroup | UnixFileMode.StickyBit;

    /// <summary>Arguments: a directory, where to show it, and a command. The command's own mount namespace ends with it.</summary>
    private static readonly string[] Lend =
    [
        "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", """/usr/bin/mount --bind -- "$1" "$2" && shift 2 && exec "$@" """, "sh",
    ];

    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public bool IsOffered => sandbox is not null && identities.HasNumbers;

    public async Task AdoptAsync(string directory, IReadOnlyList<string> kept, CancellationToken cancellationToken)
    {
        if (Libc.OwnerOf(directory) is not { } holder || !identities.HasNumbers)
            return;
        if (IsOffered)
        {
            var account = NumbersOf(directory);
            if (holder.Group != account.Group || holder.Mode != Shared)
                await GiveAsync(directory, account, kept, Shared, cancellationToken);
        }
        else if (holder.Group != 0)
        {
            await GiveAsync(directory, (0, 0), [], Closed, cancellationToken);
        }
    }

    public bool HasAdopted(string directory) => Libc.OwnerOf(directory) is { Group: not 0 } && identities.HasNumbers;

    public void ForgetAllBut(IReadOnlyCollection<string> existing) => identities.ForgetDirectoriesBut(existing);

    public IReadOnlyList<string> Confine(ConfinedTool tool)
    {
        if (!IsOffered)
            return tool.Command;
        var account = identities.HolderOfGroup(tool.Directory, tool.Readable);
        if (tool.Reach == ToolReach.Machine)
            return ToolLimits.Apply([.. account.Prefix, .. tool.Command]);
        var view = new WorkloadView(sandboxed: true);
        // A directory to which the account cannot pass is lent. There is at most one: what git fetches from, or the certificates for it.
        var lent = tool.Readable.Select(DirectoryOf).FirstOrDefault(path => !account.CanPass(path));
        foreach (var path in tool.Readable)
            view.Show(lent is null || DirectoryOf(path) != lent ? path : home.Borrowed + path[lent.Length..], path);
        view.ShowTree(tool.Directory, writable: true);
        var command = sandbox!.ForTool(account, view, "/", tool.Command, hasNetwork: tool.Reach == ToolReach.Network);
        return ToolLimits.Apply(lent is null ? command : [.. Lend, lent, home.Borrowed, .. command]);
    }

    private (uint User, uint Group) NumbersOf(string directory)
    {
        try
        {
            return identities.OfDirectory(directory).Numbers!.Value;
        }
        catch (RunFailure full)
        {
            throw new IOException(full.Message, full);
        }
    }

    private static string DirectoryOf(string path) => Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;

    /// <summary>Changes the directory itself last, so that an interrupted change is repeated. No link is followed.</summary>
    private static async Task GiveAsync(
        string directory, (uint User, uint Group) to, IReadOnlyList<string> kept, UnixFileMode mode, CancellationToken cancellationToken)
    {
        File.SetUnixFileMode(directory, Closed);
        string[] given = [.. Directory.EnumerateFileSystemEntries(directory).Where(entry => !kept.Contains(Path.GetFileName(entry)))];
        // As many as fit into the arguments of a process.
        foreach (var some in given.Chunk(100))
        {
            var changed = await Tool.RunAsync(["chown", "-R", "-h", "--", $"{to.User}:{to.Group}", .. some], cancellationToken);
            if (!changed.Succeeded)
                throw new IOException($"Cannot give {directory} to another account: {changed.Error}");
        }
        if (Libc.ChangeOwner(directory, 0, to.Group) != 0)
            throw new IOException($"Cannot give {directory} to another account.");
        File.SetUnixFileMode(directory, mode);
    }
}
