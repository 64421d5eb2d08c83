namespace Portico.Cli.Servers;

/// <summary>Reads the lines that are appended to the server's log from now on.</summary>
internal sealed class ServerLogTail(string path)
{
    private const int MostBytes = 64 * 1024;
    private readonly long _start = File.Exists(path) ? new FileInfo(path).Length : 0;

    public IReadOnlyList<string> NewLines(int most)
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // The log was rotated meanwhile: it is shorter than before.
        var from = file.Length < _start ? 0 : _start;
        file.Position = Math.Max(from, file.Length - MostBytes);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(most)];
    }
}
