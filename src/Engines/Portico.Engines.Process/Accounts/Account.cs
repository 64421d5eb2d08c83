using Portico.Core.Engines;
using Portico.Engines.Process.Native;
using Portico.Hosting;

namespace Portico.Engines.Process.Accounts;

/// <summary>The account that workloads run as: an unprivileged account if the engine runs as root, otherwise the engine's own user.</summary>
/// <param name="Numbers">The account's ids; null if the engine does not run as root and cannot switch accounts.</param>
internal sealed record Account(string Name, (uint User, uint Group)? Numbers)
{
    private const int MayExecute = 1;

    /// <summary>Further groups, whose files it may read.</summary>
    public IReadOnlyList<uint> OtherGroups { get; init; } = [];

    /// <exception cref="EngineStartException">The account does not exist and could not be created, or it is root.</exception>
    public static async Task<Account> FindOrCreateAsync(string name, CancellationToken cancellationToken)
    {
        if (Libc.EffectiveUser() != 0)
            return new Account(Environment.UserName, null);
        if (Libc.AccountNumbers(name) is null)
            await CreateAsync(name, cancellationToken);
        var numbers = Libc.AccountNumbers(name)
            ?? throw new EngineStartException($"The account '{name}' could not be created. Create it with 'useradd --system {name}'.");
        return numbers.User == 0
            ? throw new EngineStartException($"The account '{name}' is root. Workloads must run as another account.")
            : new Account(name, numbers);
    }

    /// <summary>The arguments that make a command run as this account, without any of the engine's rights. They go before the command.</summary>
    public IReadOnlyList<string> Prefix => Numbers is not { } numbers
        ? []
        : ["/usr/bin/setpriv", $"--reuid={numbers.User}", $"--regid={numbers.Group}", Groups, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];

    private string Groups => OtherGroups.Count == 0 ? "--clear-groups" : $"--groups={string.Join(',', OtherGroups)}";

    /// <summary>Creates a directory that only this account and the engine can enter.</summary>
    public void MakeDirectory(string path)
    {
        EngineHome.MakePrivate(path);
        GiveAway(path);
    }

    public void GiveAway(string path)
    {
        if (Numbers is { } numbers && Libc.ChangeOwner(path, numbers.User, numbers.Group) != 0)
            throw new IOException($"Cannot make the account '{Name}' the owner of {path}.");
    }

    /// <summary>Lets the account read a file or list a directory that still belongs to the engine.</summary>
    public void LetRead(string path)
    {
        if (Numbers is not { } numbers)
            return;
        if (Libc.ChangeOwner(path, 0, numbers.Group) != 0)
            throw new IOException($"Cannot make {path} readable for the account '{Name}'.");
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, mode | UnixFileMode.GroupRead | (mode.HasFlag(UnixFileMode.UserExecute) ? UnixFileMode.GroupExecute : 0));
    }

    /// <summary>Whether a file or directory belongs to the account's group, or the engine cannot switch accounts.</summary>
    public bool IsGroupOf(string path) => Numbers is not { } numbers || Libc.OwnerOf(path)?.Group == numbers.Group;

    /// <summary>Whether a file belongs to the account, or the engine cannot switch accounts.</summary>
    public bool IsOwnerOf(string path) => Numbers is not { } numbers || Libc.OwnerOf(path)?.User == numbers.User;

    /// <summary>Whether the account can run this program and enter every directory above it, following links.</summary>
    public bool CanExecute(string path) =>
        RealPath.Resolve(path) is { } real
        && File.Exists(real)
        && Allows(real)
        && CanPass(Path.GetDirectoryName(real)) && CanPass(Path.GetDirectoryName(Path.GetFullPath(path)));

    /// <summary>Whether the account can enter this directory and all directories above it.</summary>
    public bool CanPass(string? directory) =>
        directory is null || (Allows(directory) && CanPass(Path.GetDirectoryName(directory)));

    private bool Allows(string path)
    {
        if (Libc.OwnerOf(path) is not { } file)
            return false;
        if (Numbers is not { } me)
            return Libc.Access(path, MayExecute) == 0;
        var needed = file.User == me.User ? UnixFileMode.UserExecute
            : file.Group == me.Group ? UnixFileMode.GroupExecute
            : UnixFileMode.OtherExecute;
        return file.Mode.HasFlag(needed);
    }

    private static async Task CreateAsync(string name, CancellationToken cancellationToken)
    {
        var made = await Tool.RunAsync(
            ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "--", name],
            cancellationToken);
        // Another process may have created it in the meantime.
        if (!made.Succeeded && Libc.AccountNumbers(name) is null)
            throw new EngineStartException(
                $"The account '{name}', which builds and services run as, could not be created: {made.Error} "
                + $"Create it with 'useradd --system {name}', or do not start Portico as root.");
    }
}
