namespace Portico.Hosting;

/// <summary>Space that must stay free on a disk while something of unknown size is written to it.</summary>
/// <param name="directory">A directory on the disk.</param>
/// <param name="bytes">The reserve in bytes.</param>
public sealed class DiskReserve(string directory, long bytes)
{
    private const int Megabyte = 1 << 20;

    /// <summary>Requires that the reserve is free after writing more.</summary>
    /// <exception cref="DiskReserveException">It would not be.</exception>
    public void Require(long more)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free - more < bytes)
            throw new DiskReserveException(
                $"Not enough disk space: {free / Megabyte} MB are free on the platform's disk, and {bytes / Megabyte} MB must stay free (PORTICO_MIN_FREE_DISK_MEGABYTES).");
    }
}

/// <summary>Counts what one operation writes, and checks the reserve before its first byte and every few megabytes.</summary>
public sealed class CountedWriting(DiskReserve reserve)
{
    private const long CheckEvery = 16L << 20;

    private long _unchecked = CheckEvery;

    /// <summary>Call it before each write, from any thread.</summary>
    /// <exception cref="DiskReserveException">Too little space would be left.</exception>
    public void Count(long bytes)
    {
        if (Interlocked.Add(ref _unchecked, bytes) < CheckEvery)
            return;
        Interlocked.Exchange(ref _unchecked, 0);
        reserve.Require(bytes);
    }
}

/// <summary>Writing more would leave too little space on the disk. The message is for users.</summary>
public sealed class DiskReserveException : IOException
{
    public DiskReserveException() { }

    public DiskReserveException(string message) : base(message) { }

    public DiskReserveException(string message, Exception innerException) : base(message, innerException) { }
}
