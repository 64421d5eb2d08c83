namespace Portico.ControlPlane.Platform;

/// <summary>The lock file of the home, which the server holds open. It tells whether the home is still the one that the server started with.</summary>
internal sealed class HomeLock(FileStream file, string database)
{
    private readonly string? _place = PlaceOf(file);

    /// <summary>
    /// Whether the home was removed, moved, or created again by another server. A missing lock file alone proves nothing: some
    /// program may have tidied up.
    /// </summary>
    public bool IsHomeGone() => PlaceOf(file) != _place && (!File.Exists(database) || File.Exists(file.Name));

    /// <summary>Linux shows the present path of an open file: it ends with <c>(deleted)</c>, or is where the file was moved.</summary>
    private static string? PlaceOf(FileStream file)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(file.Name) ? file.Name : null;
        return new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
    }
}
