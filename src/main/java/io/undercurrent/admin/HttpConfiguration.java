package io.undercurrent.admin;

import io.undercurrent.admin.http.Answer;
import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.Refusal;
import io.undercurrent.admin.http.Right;
import io.undercurrent.admin.metrics.RequestMeter;
import io.undercurrent.admin.page.PageApiResource;
import io.undercurrent.admin.page.PageChartResource;
import io.undercurrent.admin.page.PageFilesResource;
import io.undercurrent.admin.page.PagePaths;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The web application; without a stereotype, because it is not part of the main context. */
@EnableWebMvc
@EnableWebSecurity
@ImportAutoConfiguration({
  SslAutoConfiguration.class,
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class
})
class HttpConfiguration implements WebMvcConfigurer {

  @Bean
  BoundedQueries questions(AdminServices engine) {
    return new BoundedQueries(engine.updates().databases());
  }

  @Bean
  Statuses statuses(AdminServices engine, BoundedQueries questions) {
    return new Statuses(engine.updates(), questions);
  }

  @Bean
  EnabledSwitch enabled(AdminServices engine, BoundedQueries questions, Statuses statuses) {
    return new EnabledSwitch(engine.updates(), questions, statuses);
  }

  @Bean
  BackgroundUpdatesResource backgroundUpdatesResource(
      AdminServices engine, BoundedQueries questions, EnabledSwitch enabled, Statuses statuses) {
    return new BackgroundUpdatesResource(engine, questions, enabled, statuses);
  }

  @Bean
  PageFilesResource pageFilesResource() {
    return new PageFilesResource();
  }

  @Bean
  PageApiResource pageApiResource(AdminServices engine, BoundedQueries questions) {
    return new PageApiResource(engine.updates(), engine.databases(), questions, engine.clock());
  }

  @Bean
  PageChartResource pageChartResource(AdminServices engine, BoundedQueries questions) {
    return new PageChartResource(engine.databases(), questions);
  }

  @Bean
  TomcatSettings tomcatSettings(AdminProperties properties, RequestMeter meter) {
    return new TomcatSettings(properties, meter);
  }

  @Bean
  SecurityFilterChain securityFilterChain(
      HttpSecurity http,
      AdminProperties properties,
      AdminServices engine,
      BoundedQueries questions) {
    var homeserver =
        properties.homeserverTokens()
            ? new HomeserverTokens(engine.databases().main(), questions, engine.clock())
            : null;
    if (homeserver != null) {
      homeserver.warnIfDelegated();
    }
    var authentication =
        new AuthenticationFilter(
            new TokenAuthentication(engine.tokens(), homeserver), new BearerToken.Reader());
    authentication.setRequestMatcher(request -> !PagePaths.isFile(request));
    authentication.setSuccessHandler((request, response, who) -> {});
    authentication.setFailureHandler(
        (request, response, failure) -> Refusal.of(failure).answer().write(response));
    return http.csrf(AbstractHttpConfigurer::disable)
        .headers(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint(
                        (request, response, failure) -> Answer.MISSING_TOKEN.write(response))
                    .accessDeniedHandler(
                        (request, response, failure) -> Answer.NOT_ADMIN.write(response)))
        .authorizeHttpRequests(
            requests ->
                requests
                    .requestMatchers(PagePaths::isFile)
                    .permitAll()
                    .requestMatchers(PagePaths::isLook)
                    .hasAnyRole(Right.ADMIN.name(), Right.READER.name())
                    .anyRequest()
                    .hasRole(Right.ADMIN.name()))
        .addFilterBefore(authentication, AuthorizationFilter.class)
        .build();
  }

  /** Nothing needs validation, and Bean Validation takes half a second to start. */
  @Override
  public Validator getValidator() {
    return Validator.forInstanceOf(Object.class, (object, errors) -> {});
  }
}
