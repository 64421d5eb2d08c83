using Microsoft.AspNetCore.Builder;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>The operation of Render's API that an endpoint implements.</summary>
/// <param name="Id">The operation id in Render's OpenAPI document.</param>
/// <param name="Differs">How the endpoint differs from Render's; null if it does not.</param>
internal sealed record RenderOperation(string Id, string? Differs);

internal static class RenderOperations
{
    /// <summary>Declares which operation of Render's API an endpoint implements.</summary>
    /// <param name="operationId">The operation id in Render's OpenAPI document.</param>
    /// <param name="differs">How the endpoint differs from Render's, for <c>docs/render-compatibility.md</c>; null if it does not.</param>
    public static RouteHandlerBuilder Is(this RouteHandlerBuilder endpoint, string operationId, string? differs = null) =>
        endpoint.WithMetadata(new RenderOperation(operationId, differs));
}
