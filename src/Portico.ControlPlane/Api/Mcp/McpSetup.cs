using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Api.Access;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>The Model Context Protocol at <c>/mcp</c>. Tools have the names and arguments of Render's own server.</summary>
internal static class McpSetup
{
    public static IServiceCollection AddPorticoMcp(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        return services.AddSingleton<OwnApiConnection>().AddSingleton<SelectedWorkspaces>().AddSingleton<McpEndpoint>();
    }

    public static void MapPorticoMcp(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/mcp", routes.ServiceProvider.GetRequiredService<McpEndpoint>().HandleAsync)
            .WithMetadata(new AcceptsMetadata(["application/json"])).Needs(Permission.SeeWorkspace);
}
