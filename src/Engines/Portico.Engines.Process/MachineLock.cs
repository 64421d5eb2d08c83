namespace Portico.Engines.Process;

/// <summary>
/// Held while a platform chooses what no other platform of the machine may have, from the look at what the others have until its own
/// choice is recorded for them. The kernel frees it when its holder dies.
/// </summary>
internal static class MachineLock
{
    /// <summary>Where the platforms of one machine record for each other what they use. It lasts until the machine restarts.</summary>
    public const string Directory = "/run/portico";

    private static readonly string File = Path.Combine(Directory, "lock");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10), Longest = TimeSpan.FromSeconds(30);

    /// <summary>Only root can take it.</summary>
    /// <exception cref="InvalidOperationException">Another platform holds it for longer than any choice takes.</exception>
    public static async Task<IDisposable> TakeAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        EngineHome.MakePrivate(Directory);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(began) < Longest)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (IOException e)
            {
                throw new InvalidOperationException($"Another platform of this machine holds {File} and does not free it.", e);
            }
        }
    }
}
