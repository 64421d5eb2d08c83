using System.Text;
using Portico.Hosting;

namespace Portico.Cli.Sources;

/// <summary>What a run keeps about a directory for the next run. Losing it only costs time.</summary>
/// <param name="SeededFrom">The user's commit from which the index last read the tracked files.</param>
/// <param name="Uploaded">The last commit that the server received.</param>
internal sealed record SnapshotState(string SeededFrom, string Tree, string Commit, string Uploaded)
{
    private static readonly SnapshotState Nothing = new("", "", "", "");

    public static SnapshotState Read(string file)
    {
        if (!File.Exists(file))
            return Nothing;
        var lines = File.ReadAllLines(file);
        return lines.Length == 4 ? new SnapshotState(lines[0], lines[1], lines[2], lines[3]) : Nothing;
    }

    public void Write(string file) =>
        DurableFile.Write(file, Encoding.UTF8.GetBytes($"{SeededFrom}\n{Tree}\n{Commit}\n{Uploaded}\n"));
}
