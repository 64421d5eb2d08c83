using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PlatformStatus))]
[JsonSerializable(typeof(ApplyBlueprint))]
[JsonSerializable(typeof(BlueprintResult))]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(ConnectionDetails))]
[JsonSerializable(typeof(InternalAuthentication))]
[JsonSerializable(typeof(StartShell))]
[JsonSerializable(typeof(ShellSize))]
[JsonSerializable(typeof(ShellEnd))]
[JsonSerializable(typeof(AddSshKey))]
[JsonSerializable(typeof(SshKeyInfo))]
[JsonSerializable(typeof(IReadOnlyList<SshKeyInfo>))]
[JsonSerializable(typeof(SshHello))]
[JsonSerializable(typeof(EngineReport))]
[JsonSerializable(typeof(BackgroundReport))]
[JsonSerializable(typeof(RollBackService))]
[JsonSerializable(typeof(RolledBack))]
[JsonSerializable(typeof(StopPlatform))]
[JsonSerializable(typeof(CreateWorkspace))]
[JsonSerializable(typeof(UpdateWorkspace))]
[JsonSerializable(typeof(WorkspaceInfo))]
[JsonSerializable(typeof(CreateInvitation))]
[JsonSerializable(typeof(CreatedInvitation))]
[JsonSerializable(typeof(IReadOnlyList<InvitationInfo>))]
[JsonSerializable(typeof(AcceptInvitation))]
[JsonSerializable(typeof(JoinedWorkspace))]
[JsonSerializable(typeof(WaitingLogin))]
[JsonSerializable(typeof(CreateKey))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(IReadOnlyList<KeyInfo>))]
[JsonSerializable(typeof(CreateSession))]
[JsonSerializable(typeof(CreatedSession))]
[JsonSerializable(typeof(CurrentSession))]
[JsonSerializable(typeof(CreatedLoginLink))]
[JsonSerializable(typeof(DeployDetails))]
[JsonSerializable(typeof(DeployChanges))]
[JsonSerializable(typeof(LogLines))]
[JsonSerializable(typeof(LogHistogram))]
[JsonSerializable(typeof(MetricsPage))]
[JsonSerializable(typeof(ServiceDomains))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(ServiceEnvironment))]
[JsonSerializable(typeof(ChangeEnvironment))]
[JsonSerializable(typeof(ChangedEnvironment))]
[JsonSerializable(typeof(ResourceChoices))]
[JsonSerializable(typeof(OverviewChange))]
[JsonSerializable(typeof(ApproveLogin))]
[JsonSerializable(typeof(ApprovedLogin))]
[JsonSerializable(typeof(PutRepository))]
[JsonSerializable(typeof(ServiceSource))]
[JsonSerializable(typeof(HookAnswer))]
[JsonSerializable(typeof(DeployHookAnswer))]
[JsonSerializable(typeof(RepositoryInfo))]
[JsonSerializable(typeof(IReadOnlyList<RepositoryInfo>))]
public sealed partial class PlatformJson : JsonSerializerContext
{
    /// <summary>Writes quotes and letters of all languages as they are. What it writes must not become part of an HTML page.</summary>
    public static PlatformJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
