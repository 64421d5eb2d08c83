using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>Users, members and API keys.</summary>
public sealed partial class PlatformClient
{
    private const string RenderRoot = "v1/";

    /// <summary>Reads overviews, in which fields without a value are left out.</summary>
    private static readonly JsonTypeInfo<Overview> OverviewType = new PlatformJson(
        new JsonSerializerOptions(PlatformJson.Default.Options) { TypeInfoResolver = null, RespectRequiredConstructorParameters = false }).Overview;

    public Task<IReadOnlyList<KeyInfo>> ListKeysAsync(CancellationToken cancellationToken) =>
        GetAsync("keys", PlatformJson.Default.IReadOnlyListKeyInfo, cancellationToken);

    public Task<CreatedKey> CreateKeyAsync(CreateKey request, CancellationToken cancellationToken) =>
        PostAsync("keys", request, PlatformJson.Default.CreateKey, PlatformJson.Default.CreatedKey, cancellationToken);

    public Task RevokeKeyAsync(string id, CancellationToken cancellationToken) =>
        DeleteAsync($"{Root}keys/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <summary>Gets the user of the key.</summary>
    public Task<User> GetUserAsync(CancellationToken cancellationToken) => AskAsync<User>(HttpMethod.Get, "users", null, cancellationToken);

    public Task<IReadOnlyList<SshKeyInfo>> ListSshKeysAsync(CancellationToken cancellationToken) =>
        GetAsync("ssh-keys", PlatformJson.Default.IReadOnlyListSshKeyInfo, cancellationToken);

    public Task<SshKeyInfo> AddSshKeyAsync(AddSshKey request, CancellationToken cancellationToken) =>
        PostAsync("ssh-keys", request, PlatformJson.Default.AddSshKey, PlatformJson.Default.SshKeyInfo, cancellationToken);

    public Task RemoveSshKeyAsync(string id, CancellationToken cancellationToken) =>
        DeleteAsync($"{Root}ssh-keys/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <summary>Gets all services and data stores of a workspace.</summary>
    public Task<Overview> GetOverviewAsync(string workspace, CancellationToken cancellationToken) =>
        GetAsync($"overview?ownerId={Uri.EscapeDataString(workspace)}", OverviewType, cancellationToken);

    /// <summary>Lists the workspaces that the caller is a member of, oldest first.</summary>
    public async Task<IReadOnlyList<Owner>> ListWorkspacesAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"{RenderRoot}owners?limit=100", UriKind.Relative), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return [.. (await ReadAsync(response, OwnersJson.Default.IReadOnlyListOwnerWithCursor, cancellationToken)).Select(item => item.Owner)];
    }

    public async Task<IReadOnlyList<TeamMember>> ListMembersAsync(string workspace, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"{MembersOf(workspace)}", UriKind.Relative), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, MembersJson.Default.IReadOnlyListTeamMember, cancellationToken);
    }

    public Task<CreatedInvitation> InviteAsync(string workspace, CreateInvitation request, CancellationToken cancellationToken) => PostAsync(
        $"workspaces/{Uri.EscapeDataString(workspace)}/invitations", request,
        PlatformJson.Default.CreateInvitation, PlatformJson.Default.CreatedInvitation, cancellationToken);

    public Task RemoveMemberAsync(string workspace, string user, CancellationToken cancellationToken) =>
        DeleteAsync($"{MembersOf(workspace)}/{Uri.EscapeDataString(user)}", cancellationToken);

    /// <summary>Finds the device that waits with a code.</summary>
    public Task<WaitingLogin> FindLoginAsync(string code, CancellationToken cancellationToken) =>
        GetAsync($"logins/{Uri.EscapeDataString(code)}", PlatformJson.Default.WaitingLogin, cancellationToken);

    /// <summary>Approves the login of a waiting device as the caller.</summary>
    public Task<ApprovedLogin> ApproveLoginAsync(ApproveLogin request, CancellationToken cancellationToken) => PostAsync(
        "logins/approve", request, PlatformJson.Default.ApproveLogin, PlatformJson.Default.ApprovedLogin, cancellationToken);

    /// <summary>Creates a link that signs a browser in once, as the caller.</summary>
    public Task<CreatedLoginLink> CreateLoginLinkAsync(CancellationToken cancellationToken) =>
        PostAsync("login-links", PlatformJson.Default.CreatedLoginLink, cancellationToken);

    private static string MembersOf(string workspace) => $"{RenderRoot}owners/{Uri.EscapeDataString(workspace)}/members";

    private async Task<TAnswer> PostAsync<TRequest, TAnswer>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(Root + path, request, requestType, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, answerType, cancellationToken);
    }

    private async Task<TAnswer> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(Root + path, UriKind.Relative), null, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, answerType, cancellationToken);
    }

    private async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
    }
}
