using Portico.Api.Contracts.Platform;

namespace Portico.Server;

/// <summary>Creates the directories of <c>PORTICO_HOME</c> and locks it, so that only one server uses it.</summary>
internal static class HomeDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Workloads run as another account, which must be able to reach its own directories without listing others.
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="StartException">The directory cannot be created or written.</exception>
    public static void Prepare(PlatformPaths paths)
    {
        try
        {
            Directory.CreateDirectory(paths.Home, Passable);
            foreach (var directory in (string[])[paths.State, paths.DataProtectionKeys, paths.Run, paths.Logs])
            {
                Directory.CreateDirectory(directory, OwnerOnly);
                File.SetUnixFileMode(directory, OwnerOnly);
            }
            Directory.CreateDirectory(paths.Sites, OwnerOnly);
            // Its mode depends on whether git runs under accounts of its own.
            Directory.CreateDirectory(paths.Sources, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Cannot use PORTICO_HOME '{paths.Home}': {exception.Message} Set PORTICO_HOME to a directory that you can write to.", exception);
        }
    }

    /// <exception cref="StartException">Another server is running there.</exception>
    public static FileStream Lock(PlatformPaths paths)
    {
        try
        {
            return new FileStream(paths.ServerHeld, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StartException($"Another server is already running in '{paths.Home}'.", exception);
        }
    }
}

/// <summary>The server cannot start; the message says what to change.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
