using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Appends to the newest segment of a folder, begins the next one in time, and removes the oldest, so that the disk cannot fill.</summary>
/// <remarks>Not safe for use by several threads at once. See <see cref="EdgeSegments"/> for what readers rely on.</remarks>
internal sealed class SegmentWriter(string directory, long maxBytes, int maxSegments) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _file;

    /// <summary>Writes whole lines; a segment may exceed its size by them.</summary>
    /// <exception cref="IOException">It could not be written. What comes next goes to a new segment.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            if (_file is null || _file.Length >= maxBytes)
                Begin();
            _file!.Write(lines);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private void Begin()
    {
        Close();
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        var numbers = Directory.EnumerateFiles(directory).Select(EdgeSegments.NumberOf).OfType<long>().Order().ToList();
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
