using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Checks;

namespace Portico.Cli.Rendering;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusItem[]))]
[JsonSerializable(typeof(ValidationResult))]
[JsonSerializable(typeof(BlueprintResult))]
[JsonSerializable(typeof(DoctorResult))]
[JsonSerializable(typeof(KeyInfo[]))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(CreatedInvitation))]
[JsonSerializable(typeof(TeamMember[]))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Writes quotes and letters of all languages as they are, as the API does.</summary>
    public static CliJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>What <c>blueprint validate --json</c> prints.</summary>
internal sealed record ValidationResult(bool Valid, IReadOnlyList<BlueprintDiagnostic> Diagnostics);

/// <summary>What <c>doctor --json</c> prints.</summary>
internal sealed record DoctorResult(bool Ok, IReadOnlyList<CheckResult> Checks);
