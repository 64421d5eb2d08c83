namespace Portico.Engines.Process.Runs;

/// <summary>Programs often say only that they could not write; whether the disk is full has to be looked up.</summary>
internal static class DiskSpace
{
    private const long NextToNothing = 256 * 1024;
    private const int NoSpaceLeft = 28;

    public const string FullMessage = "The disk is full: free some space, then try again.";

    public static bool IsFull(string directory) => Free(directory) < NextToNothing;

    /// <summary>For users other than root. What cannot be asked is taken for enough.</summary>
    public static long Free(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    public static bool IsFull(IOException error) => (error.HResult & 0xFFFF) == NoSpaceLeft;
}
