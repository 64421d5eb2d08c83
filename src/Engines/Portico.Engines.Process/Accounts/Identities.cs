using System.Globalization;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Accounts;

/// <summary>The accounts of one service or data store.</summary>
/// <param name="Run">The account of instances and jobs.</param>
/// <param name="Build">The account of builds, so that a running app can neither change nor disturb a build. It has the same group.</param>
internal sealed record OwnerAccounts(Account Run, Account Build);

/// <summary>
/// Gives each owner accounts of its own, which exist only as numbers. They are recorded before the first use and stay until the owner
/// is deleted, because files on disks belong to them.
/// </summary>
/// <param name="shared">The account for what belongs to no owner, such as finding toolchains. Without root, everything runs as it.</param>
/// <param name="range">Null without root.</param>
internal sealed class Identities(EngineHome home, Account shared, IdentityRange? range)
{
    private const uint NumbersOfOne = 2;
    private readonly Lock _lock = new();
    private Dictionary<string, uint>? _known;

    /// <summary>The beginning of the owner under which the account of a directory of the platform is recorded. No id of an owner has it.</summary>
    private const string DirectoryPrefix = "directory:";

    public Account Shared => shared;

    /// <summary>Whether owners have account numbers of their own.</summary>
    public bool HasNumbers => range is not null;

    /// <summary>Whether an account number is one of workloads or of directories of the platform.</summary>
    public bool IsOfWorkload(uint user) => user != 0 && (user == shared.Numbers?.User || range?.Contains(user) == true);

    /// <exception cref="RunFailure">All numbers are in use.</exception>
    public OwnerAccounts Of(string owner)
    {
        if (range is null)
            return new OwnerAccounts(shared, shared);
        lock (_lock)
        {
            var known = Known();
            if (!known.TryGetValue(owner, out var number))
            {
                number = Free([.. known.Values]);
                JsonFile.Write(home.Identity(owner), new Identity(number));
                known[owner] = number;
            }
            return new OwnerAccounts(AccountOf(number, number), AccountOf(number + 1, number));
        }
    }

    /// <summary>Returns the account for the content of a directory of the platform.</summary>
    public Account OfDirectory(string directory) => Of(DirectoryPrefix + Path.GetFileName(directory)).Run;

    /// <summary>Returns the account whose group a directory of the platform has.</summary>
    /// <param name="readable">What it may read too: it gets the groups of these.</param>
    public Account HolderOfGroup(string directory, IReadOnlyList<string> readable)
    {
        if (Libc.OwnerOf(directory) is not { Group: not 0 } holder)
            return shared;
        var others = readable.Select(path => Libc.OwnerOf(path)?.Group ?? 0).Where(group => range!.Contains(group) && group != holder.Group);
        return AccountOf(holder.Group, holder.Group) with { OtherGroups = [.. others.Distinct()] };
    }

    /// <summary>Returns the account that the content of a directory of the platform belongs to; the engine's own if it was not given away.</summary>
    public Account HolderOfContent(string directory) => Libc.OwnerOf(directory) is { } holder && range?.Contains(holder.Group) == true
        ? AccountOf(holder.Group, holder.Group)
        : new Account(Environment.UserName, null);

    /// <summary>Returns an account that can also read a directory of the platform.</summary>
    public Account WithGroupOf(Account account, string directory) => account.Numbers is not null && Libc.OwnerOf(directory) is { } holder && range!.Contains(holder.Group)
        ? account with { OtherGroups = [holder.Group] }
        : account;

    /// <summary>Forgets the accounts of directories of the platform that do not exist any more.</summary>
    public void ForgetDirectoriesBut(IReadOnlyCollection<string> existing)
    {
        if (range is null)
            return;
        var kept = existing.Select(directory => DirectoryPrefix + Path.GetFileName(directory)).ToHashSet();
        foreach (var gone in AllOwners().Where(owner => owner.StartsWith(DirectoryPrefix, StringComparison.Ordinal) && !kept.Contains(owner)).ToList())
            Forget(gone);
    }

    /// <summary>Returns the account that a directory of a workload belongs to. The directories above it must be the engine's.</summary>
    public Account HolderOf(string directory) =>
        range is not null && Libc.OwnerOf(directory) is { User: not 0 } holder ? AccountOf(holder.User, holder.Group) : shared;

    /// <summary>Forgets an owner whose files and processes are gone.</summary>
    public void Forget(string owner)
    {
        lock (_lock)
        {
            File.Delete(home.Identity(owner));
            _known?.Remove(owner);
        }
    }

    /// <summary>The owners of workloads that have accounts.</summary>
    public IEnumerable<string> Owners() => AllOwners().Where(owner => !owner.StartsWith(DirectoryPrefix, StringComparison.Ordinal));

    private IEnumerable<string> AllOwners() => DirectoryEntries.Files(home.Identities, "*.json").Select(file => FileName.ToId(Path.GetFileNameWithoutExtension(file)));

    private Account AccountOf(uint user, uint group) => user == shared.Numbers?.User
        ? shared
        : new Account(string.Create(CultureInfo.InvariantCulture, $"{shared.Name}-{user}"), (user, group));

    /// <summary>Returns the number after the highest one, so that a number is not used again soon after its owner was deleted.</summary>
    private uint Free(uint[] used)
    {
        var next = used.Length == 0 ? range!.First : used.Where(range!.Contains).DefaultIfEmpty(range.First - NumbersOfOne).Max() + NumbersOfOne;
        if (next + 1 <= range!.Last)
            return next;
        var taken = used.ToHashSet();
        for (next = range.First; next + 1 <= range.Last; next += NumbersOfOne)
            if (!taken.Contains(next))
                return next;
        throw new RunFailure($"All account numbers of PORTICO_UID_RANGE ({range}) are in use. Delete a service, or set a larger range.");
    }

    private Dictionary<string, uint> Known() => _known ??= AllOwners()
        .Select(owner => (Owner: owner, Identity: JsonFile.Read<Identity>(home.Identity(owner))))
        .Where(entry => entry.Identity is not null)
        .ToDictionary(entry => entry.Owner, entry => entry.Identity!.Number);

    /// <param name="Number">The number of the account of instances and of the group. Builds have the next one.</param>
    private sealed record Identity(uint Number);
}
