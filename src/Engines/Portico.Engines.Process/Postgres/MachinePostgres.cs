using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;
using Portico.Hosting;

namespace Portico.Engines.Process.Postgres;

/// <summary>
/// Finds the PostgreSQL servers that are installed on this machine, in Debian's layout. A database runs with a copy of the server's
/// program, because PostgreSQL finds its extensions relative to its program: those beside the copy are <see cref="OfferedExtensions"/>.
/// </summary>
internal sealed class MachinePostgres(EngineHome home, Account account)
{
    private const string ProgramsRoot = "/usr/lib/postgresql", FilesRoot = "/usr/share/postgresql", Extensions = "extension";

    private readonly Lock _lock = new();

    /// <summary>The major versions, newest first.</summary>
    public IReadOnlyList<string> Majors() =>
        [.. DirectoryEntries.Directories(ProgramsRoot).Select(directory => Path.GetFileName(directory)).Where(Has).OrderByDescending(NumberOf)];

    public bool Has(string major) => account.CanExecute(Path.Combine(ProgramsOf(major), "postgres"));

    /// <summary>Updates the copy to the installed server, and returns the directories of the server's programs, the copy first.</summary>
    public IReadOnlyList<string> PathFor(string major)
    {
        var root = Path.Combine(home.Toolchains, ".postgres", major);
        var (programs, files) = (Below(root, ProgramsOf(major)), Below(root, FilesOf(major)));
        lock (_lock)
        {
            foreach (var directory in AllBelow(home.Toolchains, programs).Concat(AllBelow(home.Toolchains, files)))
                EngineHome.MakePassable(directory);
            Link(Path.Combine(ProgramsRoot, major, "lib"), Path.Combine(Path.GetDirectoryName(programs)!, "lib"));
            DirectoryLinks.Mirror(FilesOf(major), files, isOwn: name => name == Extensions);
            EngineHome.MakePassable(Path.Combine(files, Extensions));
            OfferedExtensions.Offer(Path.Combine(FilesOf(major), Extensions), Path.Combine(files, Extensions));
            Copy(Path.Combine(ProgramsOf(major), "postgres"), Path.Combine(programs, "postgres"));
        }
        return [programs, ProgramsOf(major)];
    }

    private static string ProgramsOf(string major) => Path.Combine(ProgramsRoot, major, "bin");

    private static string FilesOf(string major) => Path.Combine(FilesRoot, major);

    private static string Below(string root, string path) => root + path;

    /// <summary>Returns a directory and its parents up to another directory, the highest first.</summary>
    private static IEnumerable<string> AllBelow(string root, string directory) => directory == root
        ? []
        : AllBelow(root, Path.GetDirectoryName(directory)!).Append(directory);

    private static int NumberOf(string major) => int.TryParse(major, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Link(string target, string path)
    {
        if (!Path.Exists(path))
            File.CreateSymbolicLink(path, target);
    }

    /// <summary>Replaces a file by rename, so that running servers keep the program that they were started with.</summary>
    private static void Copy(string source, string target)
    {
        var (from, to) = (new FileInfo(source), new FileInfo(target));
        if (to.Exists && to.Length == from.Length && to.LastWriteTimeUtc == from.LastWriteTimeUtc)
            return;
        var temporary = target + ".new";
        File.Copy(source, temporary, overwrite: true);
        File.SetUnixFileMode(temporary, ToolchainStore.Program);
        File.SetLastWriteTimeUtc(temporary, from.LastWriteTimeUtc);
        File.Move(temporary, target, overwrite: true);
    }
}
