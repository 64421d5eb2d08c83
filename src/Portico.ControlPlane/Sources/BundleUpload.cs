using System.Text;
using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <summary>Writes an uploaded Git bundle to a file, after checking that it is one. Git reads any other data to its end, which may take long.</summary>
/// <remarks>
/// See https://git-scm.com/docs/gitformat-bundle:
/// <code>
/// # v2 git bundle          or v3, with lines of capabilities: @name=value
/// -COMMIT text             what the receiver has
/// COMMIT ref               what is in it
///                          an empty line
/// PACK…
/// </code>
/// </remarks>
internal static class BundleUpload
{
    public const string Prefix = "incoming-";

    private const int LargestHeader = 1 << 20;

    private static readonly byte[] Pack = "PACK"u8.ToArray();
    private static readonly string[] Formats = ["# v2 git bundle", "# v3 git bundle"];
    private static readonly TimeSpan Old = TimeSpan.FromHours(6);

    /// <exception cref="GitException">The data is not a bundle, or the commit is not in it. Not more than the header was read.</exception>
    public static async Task SaveAsync(Stream bundle, string commit, string file, Action<long> require, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(bundle, commit, cancellationToken);
        await using var target = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            // The group is that of the account that git runs as.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        });
        await target.WriteAsync(head, cancellationToken);
        var buffer = new byte[81920];
        while (await bundle.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            require(read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Removes what interrupted uploads have left.</summary>
    public static void RemoveOld(string directory, TimeProvider time)
    {
        foreach (var left in DirectoryEntries.Files(directory, $"{Prefix}*").Where(file => time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Old))
            File.Delete(left);
    }

    /// <returns>What was read: the header and the beginning of the pack.</returns>
    private static async Task<byte[]> ReadHeadAsync(Stream bundle, string commit, CancellationToken cancellationToken)
    {
        var head = new List<byte>();
        var hasCommit = false;
        for (var number = 0; ; number++)
        {
            var line = await ReadLineAsync(bundle, head, cancellationToken);
            if (number == 0 && !Formats.Contains(line))
                throw new GitException("the body is not a Git bundle.");
            hasCommit |= line.StartsWith($"{commit} ", StringComparison.Ordinal);
            if (line.Length == 0)
                break;
        }
        if (!hasCommit)
            throw new GitException("the bundle does not contain the commit.");
        var start = new byte[Pack.Length];
        await bundle.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start.AsSpan().SequenceEqual(Pack) ? [.. head, .. start] : throw new GitException("the bundle has no pack after its header.");
    }

    private static async Task<string> ReadLineAsync(Stream bundle, List<byte> head, CancellationToken cancellationToken)
    {
        var (start, one) = (head.Count, new byte[1]);
        while (await bundle.ReadAsync(one, cancellationToken) > 0)
        {
            if (one[0] == '\n')
            {
                var line = Encoding.UTF8.GetString([.. head.Skip(start)]);
                head.Add(one[0]);
                return line;
            }
            head.Add(one[0]);
            if (head.Count > LargestHeader || (start == 0 && head.Count > Formats[0].Length))
                break;
        }
        throw new GitException("the body is not a Git bundle.");
    }
}
