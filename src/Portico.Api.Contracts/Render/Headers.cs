using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A header that the edge adds to a static site's responses.</summary>
public sealed record Header(string Id, string Path, string Name, string Value);

public sealed record HeaderWithCursor(Header Header, string Cursor);

public sealed record HeaderInput(string Path, string Name, string Value);

/// <summary>The response to adding a header; the name is plural in Render's API too.</summary>
public sealed record AddedHeader(Header Headers);

[JsonSerializable(typeof(IReadOnlyList<HeaderInput>))]
[JsonSerializable(typeof(IReadOnlyList<Header>))]
[JsonSerializable(typeof(IReadOnlyList<HeaderWithCursor>))]
[JsonSerializable(typeof(AddedHeader))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class HeadersJson : JsonSerializerContext;
