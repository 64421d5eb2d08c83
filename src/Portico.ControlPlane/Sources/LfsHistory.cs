using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>Finds every Git LFS pointer in the history of a repository.</summary>
internal static class LfsHistory
{
    /// <returns>The SHA-256 digests of the files.</returns>
    /// <exception cref="GitException">The history could not be read.</exception>
    public static async Task<IReadOnlySet<string>> OidsAsync(GitRepository repository, CancellationToken cancellationToken)
    {
        using var list = GitCommand.Start(repository, [
            "rev-list", "--all", "--objects", "--no-object-names", $"--filter=combine:object:type=blob+blob:limit={GitLfs.LongestPointer}", "--filter-provided-objects"]);
        using var read = GitCommand.Start(repository, ["cat-file", "--batch", "--buffer"]);
        try
        {
            list.StandardInput.Close();
            var problems = Task.WhenAll(list.StandardError.ReadToEndAsync(cancellationToken), read.StandardError.ReadToEndAsync(cancellationToken));
            var handed = HandAsync(list, read, cancellationToken);
            var oids = await ReadAsync(read.StandardOutput.BaseStream, cancellationToken);
            await handed;
            await Task.WhenAll(list.WaitForExitAsync(cancellationToken), read.WaitForExitAsync(cancellationToken));
            return list.ExitCode == 0 && read.ExitCode == 0 ? oids : throw new GitException(string.Concat(await problems).Trim());
        }
        finally
        {
            foreach (var process in (Process[])[list, read])
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
        }
    }

    private static async Task HandAsync(Process list, Process read, CancellationToken cancellationToken)
    {
        try
        {
            await list.StandardOutput.BaseStream.CopyToAsync(read.StandardInput.BaseStream, cancellationToken);
            read.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read all, and says why.
        }
    }

    /// <summary>Reads objects: a line <c>OBJECT TYPE SIZE</c>, the content and an end of line for each.</summary>
    private static async Task<HashSet<string>> ReadAsync(Stream answer, CancellationToken cancellationToken)
    {
        var oids = new HashSet<string>(StringComparer.Ordinal);
        // Contents are bytes of any kind, and are counted as such.
        using var reader = new StreamReader(answer, Encoding.Latin1);
        var content = Array.Empty<char>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var words = line.Split(' ');
            if (words.Length != 3)
                continue;
            var length = int.Parse(words[2], CultureInfo.InvariantCulture) + 1;
            if (content.Length < length)
                content = new char[length];
            await reader.ReadBlockAsync(content.AsMemory(0, length), cancellationToken);
            if (LfsPointer.Parse(new string(content, 0, length)) is { } pointer)
                oids.Add(pointer.Oid);
        }
        return oids;
    }
}
