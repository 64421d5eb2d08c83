namespace Portico.Edge.Tests.Harness;

internal sealed class TemporaryDirectory : IDisposable
{
    // Short: a unix socket's path has about a hundred characters at most.
    public string Path { get; } = Directory.CreateTempSubdirectory("edge-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A test removed it itself.
        }
    }
}
