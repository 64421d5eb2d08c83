using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Chooses how a request is authenticated: by an API key if it presents one, or else by a session.</summary>
internal static class CallerAuthentication
{
    private const string Name = "Caller";

    public static void AddCallerAuthentication(this IServiceCollection services) => services.AddAuthentication(Name)
        .AddPolicyScheme(Name, null, options => options.ForwardDefaultSelector = context =>
            context.Request.Headers.Authorization.Count == 0 && SessionSecretsIn.Has(context.Request) ? SessionAuthentication.Name : ApiKeyAuthentication.Name)
        .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, null)
        .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Name, null);
}
