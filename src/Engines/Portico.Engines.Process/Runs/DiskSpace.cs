namespace Portico.Engines.Process.Runs;

/// <summary>Finds out whether a disk is full. Programs often report only that they could not write.</summary>
internal static class DiskSpace
{
    private const long NextToNothing = 256 * 1024;
    private const int NoSpaceLeft = 28;

    public const string FullMessage = "The disk is full: free some space, then try again.";

    public static bool IsFull(string directory) => Free(directory) < NextToNothing;

    /// <summary>Returns the free space for users other than root. A disk that cannot be examined counts as having enough.</summary>
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
