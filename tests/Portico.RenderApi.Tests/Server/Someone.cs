namespace Portico.RenderApi.Tests.Server;

/// <summary>Who sends a request.</summary>
/// <param name="Key">Null for none.</param>
internal sealed record Someone(string Name, string? Key)
{
    public static Someone Stranger { get; } = new("a stranger", null);

    public override string ToString() => Name;
}
