using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Accounts;

/// <summary>Who workloads run as: an unprivileged account when the engine is root, otherwise the engine's own user.</summary>
/// <param name="Numbers">Null when the engine is not root and cannot become somebody else.</param>
internal sealed record Account(string Name, (uint User, uint Group)? Numbers)
{
    private const int MayExecute = 1;

    /// <exception cref="InvalidOperationException">The account is missing and could not be made.</exception>
    public static async Task<Account> FindOrCreateAsync(string name, CancellationToken cancellationToken)
    {
        if (Libc.EffectiveUser() != 0)
            return new Account(Environment.UserName, null);
        if (Libc.AccountNumbers(name) is null)
            await CreateAsync(name, cancellationToken);
        var numbers = Libc.AccountNumbers(name)
            ?? throw new InvalidOperationException($"The account '{name}' could not be made. Make it by 'useradd --system {name}'.");
        return numbers.User == 0
            ? throw new InvalidOperationException($"The account '{name}' is root; workloads must run as another one.")
            : new Account(name, numbers);
    }

    /// <summary>The arguments before a command that is to run as this account, without any right of the engine.</summary>
    public IReadOnlyList<string> Prefix => Numbers is not { } numbers
        ? []
        : ["setpriv", $"--reuid={numbers.User}", $"--regid={numbers.Group}", "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--"];

    /// <summary>Makes a directory that this account alone may enter, besides the engine.</summary>
    public void MakeDirectory(string path)
    {
        EngineHome.MakePrivate(path);
        GiveAway(path);
    }

    public void GiveAway(string path)
    {
        if (Numbers is { } numbers && Libc.ChangeOwner(path, numbers.User, numbers.Group) != 0)
            throw new IOException($"{path} cannot be given to the account '{Name}'.");
    }

    /// <summary>Lets the account read a file, or list a directory, that stays the engine's.</summary>
    public void LetRead(string path)
    {
        if (Numbers is not { } numbers)
            return;
        if (Libc.ChangeOwner(path, 0, numbers.Group) != 0)
            throw new IOException($"{path} cannot be shown to the account '{Name}'.");
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, mode | UnixFileMode.GroupRead | (mode.HasFlag(UnixFileMode.UserExecute) ? UnixFileMode.GroupExecute : 0));
    }

    /// <summary>Whether the account may run this program: also every directory above it, with links followed.</summary>
    public bool CanExecute(string path) =>
        Libc.RealPath(path) is { } real
        && File.Exists(real)
        && Allows(real)
        && CanPass(Path.GetDirectoryName(real)) && CanPass(Path.GetDirectoryName(Path.GetFullPath(path)));

    /// <summary>Whether the account may enter this directory and all above it.</summary>
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
        // Somebody else may have made it meanwhile.
        if (!made.Succeeded && Libc.AccountNumbers(name) is null)
            throw new InvalidOperationException(
                $"The account '{name}', as which builds and services run, could not be made: {made.Error} "
                + $"Make it by 'useradd --system {name}', or do not start Portico as root.");
    }
}
