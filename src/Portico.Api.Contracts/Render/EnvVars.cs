using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <param name="Value">The value; a reference is resolved.</param>
public sealed record EnvVar(string Key, string Value);

public sealed record EnvVarWithCursor(EnvVar EnvVar, string Cursor);

/// <summary>A variable to set, to a given or a generated value.</summary>
public sealed record EnvVarInput
{
    public required string Key { get; init; }

    public string? Value { get; init; }

    public bool? GenerateValue { get; init; }
}

/// <summary>Like <see cref="EnvVarInput"/>, with the key in the path.</summary>
public sealed record EnvVarValueInput
{
    public string? Value { get; init; }

    public bool? GenerateValue { get; init; }
}

public sealed record SecretFile(string Name, string Content);

public sealed record SecretFileWithCursor(SecretFile SecretFile, string Cursor);

public sealed record SecretFileInput
{
    public required string Name { get; init; }

    public required string Content { get; init; }
}

/// <summary>Like <see cref="SecretFileInput"/>, with the name in the path.</summary>
public sealed record SecretFileContent
{
    public required string Content { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<EnvVarInput>))]
[JsonSerializable(typeof(EnvVarValueInput))]
[JsonSerializable(typeof(IReadOnlyList<EnvVarWithCursor>))]
[JsonSerializable(typeof(IReadOnlyList<SecretFileInput>))]
[JsonSerializable(typeof(SecretFileContent))]
[JsonSerializable(typeof(IReadOnlyList<SecretFileWithCursor>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class EnvVarsJson : JsonSerializerContext;
