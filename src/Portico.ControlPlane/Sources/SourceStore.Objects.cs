namespace Portico.ControlPlane.Sources;

internal sealed partial class SourceStore
{
    /// <summary>Reads the content of a file by the id that a tree has for it; null if there is none, or if it is larger.</summary>
    /// <param name="largest">In bytes.</param>
    public async Task<byte[]?> ReadObjectAsync(string repository, string id, int largest, CancellationToken cancellationToken) =>
        await _objects.FindAsync(GitOf(repository), id, cancellationToken) is { } found && found.Bytes <= largest
            ? await _objects.ReadAsync(GitOf(repository), id, cancellationToken) : null;
}
