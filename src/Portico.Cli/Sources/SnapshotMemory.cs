namespace Portico.Cli.Sources;

/// <summary>What is remembered of a directory from one run to the next. Losing it costs time only.</summary>
/// <param name="SeededFrom">The user's commit that the index last took its list of tracked files from.</param>
/// <param name="Uploaded">The last commit that the server took.</param>
internal sealed record SnapshotMemory(string SeededFrom, string Tree, string Commit, string Uploaded)
{
    private static readonly SnapshotMemory Nothing = new("", "", "", "");

    public static SnapshotMemory Read(string file)
    {
        if (!File.Exists(file))
            return Nothing;
        var lines = File.ReadAllLines(file);
        return lines.Length == 4 ? new SnapshotMemory(lines[0], lines[1], lines[2], lines[3]) : Nothing;
    }

    public void Write(string file)
    {
        var temporary = file + ".new";
        File.WriteAllLines(temporary, [SeededFrom, Tree, Commit, Uploaded]);
        File.Move(temporary, file, overwrite: true);
    }
}
