namespace Portico.Engines.Process.Limits;

/// <summary>Files of the control group file system: each write is a command, each read an answer.</summary>
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

    /// <summary>Only an empty group can be removed; its files vanish with it.</summary>
    public static void TryRemove(string directory) => _ = Native.Libc.RemoveDirectory(directory);
}
