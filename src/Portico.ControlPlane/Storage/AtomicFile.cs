namespace Portico.ControlPlane.Storage;

public static class AtomicFile
{
    /// <summary>Writes the whole file or nothing: readers and a crash see the old content or the new.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.new";
        using (var file = File.Create(temporary))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
