using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.Edge.Records;

/// <summary>Appends to the newest segment of a folder, begins the next one when it is large, and removes the oldest ones, so that the folder is bounded.</summary>
/// <remarks>One thread at a time may call it. <see cref="EdgeSegments"/> says what readers rely on.</remarks>
internal sealed class SegmentWriter(string directory, long maxBytes, int maxSegments) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _file;

    /// <summary>Writes whole lines; a segment may exceed its size by them.</summary>
    /// <param name="lines">Empty afterwards; after a failure, the lines that have not been written.</param>
    /// <exception cref="IOException">The disk is full or the file cannot be written. The next call begins a new segment.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file cannot be written.</exception>
    public void Append(ref ReadOnlyMemory<byte> lines)
    {
        try
        {
            if (_file is null || _file.Length >= maxBytes)
                Begin();
            Write(_file!, ref lines);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    /// <summary>A disk that fills up takes the first part. Readers leave out the torn line at its end, which stays to be written.</summary>
    private static void Write(FileStream file, ref ReadOnlyMemory<byte> lines)
    {
        var before = file.Length;
        try
        {
            file.Write(lines.Span);
            lines = default;
        }
        catch
        {
            var written = (int)(file.Length - before);
            lines = lines[(lines.Span[..written].LastIndexOf((byte)'\n') + 1)..];
            throw;
        }
    }

    private void Begin()
    {
        Close();
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        var numbers = DirectoryEntries.Files(directory).Select(EdgeSegments.NumberOf).OfType<long>().Order().ToList();
        foreach (var number in numbers.SkipLast(maxSegments - 1))
            File.Delete(PathOf(number));
        _file = new FileStream(PathOf(numbers.LastOrDefault() + 1), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
    }

    private string PathOf(long number) => Path.Combine(directory, EdgeSegments.FileName(number));

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
