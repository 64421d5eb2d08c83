using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Checks;
using Portico.Cli.Create;
using Portico.Cli.Detection;
using Portico.Cli.Metrics;
using Portico.Cli.Remotes;
using Portico.Cli.Variables;

namespace Portico.Cli.Rendering;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusItem[]))]
[JsonSerializable(typeof(ValidationResult))]
[JsonSerializable(typeof(InitResult))]
[JsonSerializable(typeof(BlueprintResult))]
[JsonSerializable(typeof(DoctorResult))]
[JsonSerializable(typeof(KeyInfo[]))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(CreatedInvitation))]
[JsonSerializable(typeof(TeamMember[]))]
[JsonSerializable(typeof(EnvItem[]))]
[JsonSerializable(typeof(Deploy))]
[JsonSerializable(typeof(Deploy[]))]
[JsonSerializable(typeof(RolledBack))]
[JsonSerializable(typeof(CreatedResource))]
[JsonSerializable(typeof(CustomDomain[]))]
[JsonSerializable(typeof(Event[]))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Job[]))]
[JsonSerializable(typeof(CronJobRun))]
[JsonSerializable(typeof(SshKeyInfo))]
[JsonSerializable(typeof(SshKeyInfo[]))]
[JsonSerializable(typeof(RemoteItem[]))]
[JsonSerializable(typeof(MetricSummary[]))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Writes quotes and letters of all languages as they are, as the API does.</summary>
    public static CliJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>What <c>blueprint validate --json</c> prints.</summary>
internal sealed record ValidationResult(bool Valid, IReadOnlyList<BlueprintDiagnostic> Diagnostics);

/// <summary>What <c>doctor --json</c> prints.</summary>
internal sealed record DoctorResult(bool Ok, IReadOnlyList<CheckResult> Checks);
