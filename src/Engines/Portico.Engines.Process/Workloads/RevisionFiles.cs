using Portico.Engines.Process.Accounts;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>Writes the files of one revision to a directory that the workloads' account can only read and only the engine can change.</summary>
internal static class RevisionFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Closed = File | UnixFileMode.UserExecute;

    /// <param name="sandboxed">
    /// Whether the account sees them in a sandbox, which shows them read-only. They belong to the account then, because PostgreSQL and
    /// SSH refuse a private key of another one, and root is another one there.
    /// </param>
    public static void Write(string directory, IReadOnlyDictionary<string, string> files, Account account, bool sandboxed)
    {
        // While files are replaced they are briefly missing, which a running workload must not see.
        if (files.Count == 0 || (IsCurrent(directory, files) && account.IsGroupOf(directory) && (!sandboxed || files.Keys.All(name => account.IsOwnerOf(Path.Combine(directory, name))))))
            return;
        // Written to another directory, where no workload can interfere, and then renamed.
        var temporary = directory + ".new";
        Delete(temporary);
        Directory.CreateDirectory(temporary, Closed);
        foreach (var (name, content) in files)
            WriteOne(temporary, name, content, account, sandboxed);
        account.LetRead(temporary);
        Delete(directory);
        Directory.Move(temporary, directory);
    }

    public static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static bool IsCurrent(string directory, IReadOnlyDictionary<string, string> files) =>
        Directory.Exists(directory)
        && DirectoryEntries.Files(directory).Length == files.Count
        && files.All(file => file.Key == Path.GetFileName(file.Key) && Matches(Path.Combine(directory, file.Key), file.Value));

    private static bool Matches(string path, string content) => System.IO.File.Exists(path) && System.IO.File.ReadAllText(path) == content;

    private static void WriteOne(string directory, string name, string content, Account account, bool sandboxed)
    {
        if (name is "" or "." or ".." || name != Path.GetFileName(name))
            throw new ArgumentException($"'{name}' is not a plain file name.", nameof(name));
        var path = Path.Combine(directory, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = File };
        using (var file = new StreamWriter(path, options))
            file.Write(content);
        if (sandboxed)
            account.GiveAway(path);
        else
            account.LetRead(path);
    }
}
