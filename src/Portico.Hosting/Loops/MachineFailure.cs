namespace Portico.Hosting.Loops;

/// <summary>
/// Tells failures of the whole machine (disk full, no memory, no file descriptors) from those of one item: they say nothing
/// about the item, so they do not count as an attempt.
/// </summary>
public static class MachineFailure
{
    // errno on Linux: ENFILE, EMFILE, ENOMEM, ENOSPC, EDQUOT, EROFS. .NET passes them on in HResult, or in a native error code.
    private static readonly int[] Errors = [12, 23, 24, 28, 30, 122];

    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        OutOfMemoryException => true,
        IOException io when Errors.Contains(io.HResult) => true,
        System.ComponentModel.Win32Exception native when Errors.Contains(native.NativeErrorCode) => true,
        AggregateException many => many.InnerExceptions.Any(Is),
        _ => Is(exception.InnerException),
    };
}
