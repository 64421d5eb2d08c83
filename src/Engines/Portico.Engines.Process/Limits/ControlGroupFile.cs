namespace Portico.Engines.Process.Limits;

/// <summary>Reads and writes files of the control group file system. Each write is a command to the kernel.</summary>
internal static class ControlGroupFile
{
    public static void Write(string directory, string name, string value)
    {
        using var file = new FileStream(Path.Combine(directory, name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(value));
    }

    public static bool TryWrite(string directory, string name, string value)
    {
        try
        {
            Write(directory, name, value);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static string[] Lines(string directory, string name)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(directory, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Removes a group if it is empty. Its files disappear with it.</summary>
    public static void TryRemove(string directory) => _ = Native.Libc.RemoveDirectory(directory);
}
